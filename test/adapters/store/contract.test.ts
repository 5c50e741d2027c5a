import { storeContract } from '../../contract/store.ts';
import { ENGINES } from './engines.ts';

for (const { name, open } of ENGINES) storeContract(name, () => open());
