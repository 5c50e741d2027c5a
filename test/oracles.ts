import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The pyotp that reads our URIs and codes; kept beside the other caches of the person who runs the tests, never in the checkout. */
const PYOTP = 'pyotp==2.12.1';

/** Runs a program that judges what we made. Without it the test fails: what nobody else looked at is not taken for right. */
function judge(program: string, argv: readonly string[], input?: Uint8Array | string): string {
  try {
    return execFileSync(program, argv, { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], ...(input !== undefined && { input }) });
  } catch (cause) {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw missing ? new Error(`there is no ${program}: .ci/run installs it by apt`, { cause }) : cause;
  }
}

/** Codes of consecutive steps from an instant on, by oathtool (GNU). A secret is bytes, or base32 as people type it. */
export function oathtool(secret: Uint8Array | string, at: number, more = 0): string[] {
  const typed = typeof secret === 'string' ? ['--base32', secret] : [Buffer.from(secret).toString('hex')];
  return judge('oathtool', ['--totp', `--window=${more}`, `--now=@${at / 1000}`, ...typed])
    .trim()
    .split('\n');
}

/** The text of the one QR code of a PNG, by zbarimg. */
export function zbarimg(png: Uint8Array): string {
  return judge('zbarimg', ['--quiet', '--raw', '--oneshot', '-Sdisable', '-Sqrcode.enable', '--nodbus', '-'], png).replace(/\n$/, '');
}

/** What pyotp reads of a URI, and its code at an instant. */
export interface PyotpReading {
  readonly issuer: string | null;
  readonly name: string;
  /** Base32. */
  readonly secret: string;
  readonly digits: number;
  readonly interval: number;
  readonly code: string;
}

const SCRIPT = `
import json, sys, pyotp
at = int(sys.argv[1])
def read(uri):
    otp = pyotp.parse_uri(uri)
    return {'issuer': otp.issuer, 'name': otp.name, 'secret': otp.secret, 'digits': otp.digits, 'interval': otp.interval, 'code': otp.at(at)}
json.dump([read(uri) for uri in json.load(sys.stdin)], sys.stdout)
`;

/** What pyotp makes of some URIs at an instant. */
export function pyotp(uris: readonly string[], at: number): PyotpReading[] {
  const folder = pyotpFolder();
  return JSON.parse(judge('env', [`PYTHONPATH=${folder}`, 'python3', '-c', SCRIPT, String(at / 1000)], JSON.stringify(uris)));
}

function pyotpFolder(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'padlock-tests');
  const folder = join(cache, PYOTP);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const temporary = `${folder}.${process.pid}`;
  judge('python3', ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--target', temporary, PYOTP]);
  try {
    renameSync(temporary, folder);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(folder)) throw error;
    rmSync(temporary, { recursive: true });
  }
  return folder;
}
