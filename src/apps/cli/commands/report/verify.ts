import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { formatInstant } from '../../../../core/documents/values.ts';
import { printable } from '../../../../core/layout/width.ts';
import { EXIT } from '../../../../core/model/errors.ts';
import type { SignatureCheck } from '../../../../core/ports/signer.ts';
import { checkManifest, disprove, MANIFEST_SUFFIX, type SignedFile } from '../../../../core/report/manifest.ts';
import { finish, type Session } from '../../output/session.ts';

/** One file, and what is wrong with it; null: it is proven. */
interface Verified {
  readonly file: string;
  readonly wrong: string | null;
  readonly keyId: string | null;
  readonly generatedAt: string | null;
}

/** A manifest larger than this is none: it names a handful of files. */
const LARGEST_MANIFEST = 1024 * 1024;

/** `padlock report verify`: whether files are as they were signed, by a key that is trusted. Every fault at once. */
export async function verifyFiles(session: Session, files: readonly string[], keys: readonly string[]): Promise<void> {
  const check = await session.composition.signatures(keys);
  check.known();
  const byManifest = Map.groupBy(files.map(normalize), (file) => join(dirname(file), manifestNameOf(basename(file))));
  const verified: Verified[] = [];
  for (const [manifest, named] of byManifest) verified.push(...(await verifyRun(manifest, named, check)));
  const failed = verified.some(({ wrong }) => wrong !== null);
  const { style } = session.terminal;
  await finish(session, {
    kind: 'ReportResult',
    exitCode: failed ? EXIT.error : EXIT.ok,
    *text() {
      for (const { file, wrong, keyId, generatedAt } of verified) {
        const proof = `as it was signed on ${generatedAt ?? ''} with the key ${keyId ?? ''}`;
        yield wrong === null
          ? `${style.green('✓')} ${printable(file)}   ${proof}`
          : style.red(`✗ ${printable(file)}   ${printable(wrong)}`);
      }
    },
    json: () => ({ files: verified.map((one) => ({ ...one })) }),
  });
}

async function verifyRun(path: string, named: readonly string[], check: SignatureCheck): Promise<Verified[]> {
  const all = named.includes(path);
  const nothing = { keyId: null, generatedAt: null };
  const text = await manifestAt(path);
  if (text === null)
    return named.map((file) => ({ file, wrong: `there is no ${basename(path)} beside it: nothing proves it`, ...nothing }));
  const manifest = checkManifest(text, check);
  if ('wrong' in manifest) {
    const blame = (file: string) => (file === path ? manifest.wrong : `${basename(path)}: ${manifest.wrong}`);
    return named.map((file) => ({ file, wrong: blame(file), ...nothing }));
  }
  const files = all ? manifest.files.map(({ name }) => join(dirname(path), name)) : [];
  const proof = { keyId: manifest.keyId, generatedAt: formatInstant(manifest.generatedAt) };
  const results: Verified[] = all ? [{ file: path, wrong: null, ...proof }] : [];
  for (const file of new Set([...named.filter((one) => one !== path), ...files])) {
    results.push({ file, wrong: disprove(manifest, basename(file), await digestOf(file)), ...proof });
  }
  return results;
}

/** `padlock-2026-11-25T080000Z.html` → `padlock-2026-11-25T080000Z.sig.json`. */
function manifestNameOf(name: string): string {
  return name.endsWith(MANIFEST_SUFFIX) ? name : `${name.replace(/\.[^.]*$/, '')}${MANIFEST_SUFFIX}`;
}

async function manifestAt(path: string): Promise<string | null> {
  try {
    const bytes = await readFile(path);
    return bytes.length > LARGEST_MANIFEST ? '' : bytes.toString('utf8');
  } catch {
    return null;
  }
}

async function digestOf(path: string): Promise<Omit<SignedFile, 'name'> | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch {
    return null;
  }
  return { bytes, sha256: hash.digest('hex') };
}
