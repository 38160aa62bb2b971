import { brightsign } from '../../src/dialects/brightsign/dialect.js';
import { goldens } from '../golden.js';
import { serve } from '../memory-server.js';

goldens(new URL('../../src/dialects/brightsign/golden/', import.meta.url), () => serve({ dialect: brightsign }), {
  toLines: (xml) => xml.replaceAll('><', '>\n<'),
});
