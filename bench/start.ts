import { print, sideBySide } from './measure.ts';
import { SOURCE } from './programs.ts';

/** `padlock --version` beside Node that does nothing. */
export function benchStart(bundle: string, rounds: number): void {
  const node = process.execPath;
  const contenders = [
    { name: 'node -e 0', argv: [node, '-e', '0'] },
    { name: 'padlock --version, from source', argv: [node, SOURCE, '--version'] },
    { name: 'padlock --version, bundled', argv: [node, bundle, '--version'] },
    { name: 'padlock validate policies, from source', argv: [node, SOURCE, 'validate', 'policies'] },
    { name: 'padlock validate policies, bundled', argv: [node, bundle, 'validate', 'policies'] },
  ] as const;
  print('start', '--version 1.5 × bare node', sideBySide(contenders, rounds * 5));
}
