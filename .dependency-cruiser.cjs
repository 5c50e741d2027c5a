// The four floors: apps, adapters, flows, core. Imports go down only, and inside core each room knows the rooms named here.
// `npm run lint:edges` holds the code to it; test/architecture.test.ts tries that each rule bites.

const within = (room) => `^src/core/${room}/`;

/** A room of core and the rooms (or single files) that it may import, besides itself. */
const CORE_ROOMS = {
  model: [],
  layout: [],
  ports: ['model/'],
  documents: ['model/', 'ports/'],
  policy: ['model/', 'documents/'],
  plan: ['model/', 'ports/', 'documents/', 'policy/', 'layout/'],
  rights: ['model/', 'ports/', 'documents/values[.]ts$'],
  directory: ['model/', 'ports/', 'documents/values[.]ts$', 'layout/'],
  audit: ['model/', 'ports/', 'documents/values[.]ts$', 'layout/'],
  doctor: ['model/', 'layout/'],
  report: ['model/', 'ports/', 'documents/(values|group)[.]ts$', 'layout/'],
  authentication: ['model/', 'ports/'],
  notices: ['model/', 'layout/'],
};

/** Packages that one place alone imports; where that is in core, they are all that it imports. */
const HOMES = {
  otplib: 'core/authentication/kinds/totp/',
  '@simplewebauthn/server': 'core/authentication/kinds/passkey/',
  '@node-rs/argon2': 'adapters/hasher/',
  '@zxcvbn-ts/language-common': 'adapters/passwords/',
  qrcode: 'apps/portal/qr[.]ts$',
  nodemailer: 'adapters/notify/mail[.]ts$',
  pino: 'apps/portal/log[.]ts$',
  'prom-client': 'apps/portal/metrics[.]ts$',
  '@hono/node-server': 'apps/portal/server[.]ts$',
};

const homes = Object.entries(HOMES).map(([name, home]) => ({
  name: `home-of-${name}`,
  comment: `Only ${home} imports ${name}: it can be replaced there.`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/${home}` },
  to: { path: `node_modules/${name}/` },
}));

const kinds = Object.entries(HOMES)
  .filter(([, home]) => home.startsWith('core/'))
  .map(([name, home]) => ({
    name: `kind-uses-${name}`,
    comment: `${home} imports no other package.`,
    severity: 'error',
    from: { path: `^src/${home}` },
    to: { path: 'node_modules', pathNot: `node_modules/${name}/` },
  }));

const coreRooms = Object.entries(CORE_ROOMS).map(([room, known]) => ({
  name: `core-${room}`,
  comment: `core/${room} knows ${known.length === 0 ? 'nothing else' : known.join(', ')}.`,
  severity: 'error',
  from: { path: within(room) },
  to: { path: '^src/core/', pathNot: [within(room), ...known.map((path) => `^src/core/${path}`)] },
}));

module.exports = {
  forbidden: [
    ...coreRooms,
    ...homes,
    ...kinds,
    {
      name: 'core-has-known-rooms',
      comment: 'A new room of core gets its line in CORE_ROOMS first.',
      severity: 'error',
      from: {},
      to: { path: '^src/core/', pathNot: Object.keys(CORE_ROOMS).map(within) },
    },
    {
      name: 'core-knows-no-floor-above',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^(src/(flows|adapters|apps)|scripts|test|bin)/' },
    },
    {
      name: 'core-is-pure',
      comment: 'Of Node, core uses hashing alone: no files, no clock, no randomness.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?crypto$' },
    },
    {
      name: 'core-uses-no-package',
      comment: 'core/documents alone reads YAML and holds the schema; two kinds of factor have a package each.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: '^src/core/(documents|authentication/kinds/(totp|passkey))/' },
      to: { path: 'node_modules' },
    },
    {
      name: 'documents-use-yaml',
      comment: 'typebox stays with the schema: it is not loaded where documents are read.',
      severity: 'error',
      from: { path: '^src/core/documents/', pathNot: '^src/core/documents/(json-)?schema[.]ts$' },
      to: { path: 'node_modules', pathNot: 'node_modules/yaml/' },
    },
    {
      name: 'schema-uses-typebox',
      severity: 'error',
      from: { path: '^src/core/documents/(json-)?schema[.]ts$' },
      to: { path: 'node_modules', pathNot: 'node_modules/typebox/' },
    },
    {
      name: 'flows-know-core-alone',
      severity: 'error',
      from: { path: '^src/flows/' },
      to: { pathNot: '^src/(flows|core)/' },
    },
    {
      name: 'adapters-know-model-and-ports',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/', pathNot: '^src/(core/(model|ports)|adapters)/' },
    },
    {
      name: 'adapters-never-each-other',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'directories-share-rows-alone',
      comment: 'Each directory is replaced by itself; what a row is made of stands in directory/rows.',
      severity: 'error',
      from: { path: '^src/adapters/directory/([^/]+)/' },
      to: { path: '^src/adapters/directory/', pathNot: '^src/adapters/directory/($1|rows)/' },
    },
    {
      name: 'adapter-kubernetes-knows-nothing-of-padlock',
      severity: 'error',
      from: { path: '^src/adapters/kubernetes/' },
      to: { path: '^src/core/' },
    },
    {
      name: 'apps-never-each-other',
      comment: 'Shared are the configuration, the reading of documents on several threads, and compose.ts.',
      severity: 'error',
      from: { path: '^src/apps/([^/]+)/' },
      to: { path: '^src/apps/', pathNot: '^src/apps/($1/|configuration/|reading/|compose[.]ts$)' },
    },
    {
      name: 'commands-never-each-other',
      comment: 'A command is one file or folder; what several need stands in cli/output/.',
      severity: 'error',
      from: { path: '^src/apps/cli/(?:commands/)?([^/.]+)', pathNot: '^src/apps/cli/main[.]ts$' },
      to: {
        path: '^src/apps/cli/',
        pathNot: ['^src/apps/cli/(?:commands/)?$1[/.]', '^src/apps/cli/output/', '^src/apps/cli/version[.]ts$'],
      },
    },
    {
      name: 'only-compose-names-adapters',
      comment: 'Types may be imported anywhere in apps; concrete adapters are composed in one place.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(apps/compose(-portal|-store)?[.]ts$|adapters/)' },
      to: { path: '^src/adapters/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'nobody-imports-entry-points',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(bin|scripts|test)/|^src/apps/[^/]+/main[.]ts$' },
    },
    {
      name: 'heavy-packages-on-demand',
      comment: 'Only the command that needs them loads them: `await import`.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: 'node_modules/(@kubernetes/client-node|@pulumi|@simplewebauthn)/', dependencyTypesNot: ['dynamic-import', 'type-only'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '(^src/apps/[^/]+/main[.]ts$|/generated/)' },
      to: {},
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^(src|bin)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown'] },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
