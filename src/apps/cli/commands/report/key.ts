import { EXIT } from '../../../../core/model/errors.ts';
import { finish, type Session } from '../../output/session.ts';

/** `padlock report key`: the public half of the key that signs reports. */
export async function showKey(session: Session, create: boolean): Promise<void> {
  const signer = await session.composition.signer(create ? 'create' : undefined);
  const { id, spki } = signer.key();
  await finish(session, {
    kind: 'ReportResult',
    exitCode: EXIT.ok,
    *text() {
      yield '-----BEGIN PUBLIC KEY-----';
      yield* spki.match(/.{1,64}/g) ?? [];
      yield '-----END PUBLIC KEY-----';
    },
    json: () => ({ id, algorithm: 'Ed25519', publicKey: spki }),
  });
}
