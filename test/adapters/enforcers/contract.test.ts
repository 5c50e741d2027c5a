import { NONE } from '../../../src/adapters/enforcers/none/enforcer.ts';
import { portalEnforcer } from '../../../src/adapters/enforcers/portal/enforcer.ts';
import { FACTOR_KINDS } from '../../../src/core/model/words.ts';
import { enforcerContract } from '../../contract/enforcer.ts';
import { elsewhereContract } from '../../contract/enforcer-elsewhere.ts';
import { openRealm } from './opened.ts';

const nothingMore = () => undefined;
const close = async () => undefined;

enforcerContract('portal', async () => ({ enforcer: portalEnforcer(FACTOR_KINDS), elsewhere: null, close }), nothingMore);
enforcerContract('none', async () => ({ enforcer: NONE, elsewhere: null, close }), nothingMore);
// The one that comes next: over HTTP, by the facts of a server that exists.
enforcerContract('elsewhere, over HTTP', openRealm, elsewhereContract);
