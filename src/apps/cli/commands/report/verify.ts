import { basename, dirname, join, normalize } from 'node:path';
import { formatInstant } from '../../../../core/documents/values.ts';
import { printable } from '../../../../core/layout/width.ts';
import { EXIT } from '../../../../core/model/errors.ts';
import type { ReportArchive } from '../../../../core/ports/report-archive.ts';
import type { SignatureCheck } from '../../../../core/ports/signer.ts';
import { checkManifest, disprove, manifestNameOf } from '../../../../core/report/manifest.ts';
import { finish, type Session } from '../../output/session.ts';
import { fitted } from '../../output/terminal.ts';

/** One file, and what is wrong with it; null: it is proven. */
interface Verified {
  readonly file: string;
  readonly wrong: string | null;
  readonly keyId: string | null;
  readonly generatedAt: string | null;
}

/** `padlock report verify`: whether files are as they were signed, by a key that is trusted. Every fault at once. */
export async function verifyFiles(session: Session, files: readonly string[], keys: readonly string[]): Promise<void> {
  const check = await session.composition.signatures(keys);
  check.known();
  const byManifest = Map.groupBy(files.map(normalize), (file) => join(dirname(file), manifestNameOf(basename(file))));
  const verified: Verified[] = [];
  for (const [manifest, named] of byManifest) {
    verified.push(...(await verifyRun(await session.composition.reports(dirname(manifest)), manifest, named, check)));
  }
  const failed = verified.some(({ wrong }) => wrong !== null);
  const { style } = session.terminal;
  await finish(session, {
    kind: 'ReportResult',
    exitCode: failed ? EXIT.error : EXIT.ok,
    text: () =>
      fitted(
        verified.map(({ file, wrong, keyId, generatedAt }) => {
          const proof = `as it was signed on ${generatedAt ?? ''} with the key ${keyId ?? ''}`;
          return wrong === null
            ? `${style.green('✓')} ${printable(file)}   ${proof}`
            : style.red(`✗ ${printable(file)}   ${printable(wrong)}`);
        }),
        session.terminal,
      ),
    json: () => ({ files: verified.map((one) => ({ ...one })) }),
  });
}

async function verifyRun(archive: ReportArchive, path: string, named: readonly string[], check: SignatureCheck): Promise<Verified[]> {
  const all = named.includes(path);
  const nothing = { keyId: null, generatedAt: null };
  const text = await archive.manifest(basename(path));
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
    results.push({ file, wrong: disprove(manifest, basename(file), await archive.digest(basename(file))), ...proof });
  }
  return results;
}
