/** The group of our documents, and the one version of it. Apart from the schema, so that reading does not load the schema's library. */
export const API_GROUP = 'padlock.dev';
export const API_VERSION = 'padlock.dev/v1alpha1';
