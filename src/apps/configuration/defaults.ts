/** What holds for a key of `padlock.yaml` that is absent. Paths count from the folder of `padlock.yaml`. */
export const DEFAULTS = {
  store: 'sqlite:.padlock/padlock.db',
  keys: '.padlock/keys.json',
  signing: '.padlock/signing.pem',
  connections: 10,
  statementTimeout: '5m',
  policies: ['policies'],
  reports: '.padlock/reports',
  subject: 'cli',
  policyRights: ['Administrator', 'Manager'],
  enforcer: 'portal',
  region: 'us',
  listen: '127.0.0.1:8080',
  mailFolder: '.padlock/mail',
  idle: '30m',
  session: '12h',
} as const;
