import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contender, print, sideBySide } from './measure.ts';
import { kubeconform, ROOT, SOURCE } from './programs.ts';

const FILES = 10_000;

/** 10 000 files of 25 lines, 500 a folder. */
function write(folder: string): void {
  for (let i = 0; i < FILES; i++) {
    const below = join(folder, String(Math.floor(i / 500)));
    if (i % 500 === 0) mkdirSync(below);
    writeFileSync(join(below, `client-${i}.yaml`), policy(i));
  }
}

function policy(i: number): string {
  return `# client ${i}
apiVersion: padlock.dev/v1alpha1
kind: MfaPolicy
metadata:
  name: client-${i}
  labels:
    team: field
spec:
  account: northwind
  myGlueAccount: client-${i}
  requireMfa: true
  mode: Enforce
  enforceFrom: 2026-12-01
  gracePeriod: 14d
  roles:
    - Editor
    - Creator
    - Lite
  factors: [totp, passkey]
  factorsByRole:
    Editor: [passkey]
  enrollment: Token
  resets:
    approvals: 1
  deletionPolicy: Orphan
`;
}

/** `padlock validate` beside kubeconform with the schema that we publish, on the same files. */
export function benchValidate(bundle: string, rounds: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'padlock-bench-files-'));
  try {
    write(folder);
    const peer = kubeconform();
    const schema = join(ROOT, 'padlock.schema.json');
    const contenders: Contender[] = [
      { name: 'padlock validate, from source', argv: [process.execPath, SOURCE, 'validate', folder] },
      { name: 'padlock validate, bundled', argv: [process.execPath, bundle, 'validate', folder] },
    ];
    if (peer !== undefined) contenders.unshift({ name: `${peer.split('/').at(-2)}`, argv: [peer, '-schema-location', schema, folder] });
    print(`validate, ${FILES} files of 25 lines`, '1.5 × kubeconform, cold, on two cores', sideBySide(contenders, rounds));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
