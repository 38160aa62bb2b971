import { brightsign } from '../../src/dialects/brightsign/dialect.js';
import { goldens } from '../golden.js';
import { serve } from '../memory-server.js';

goldens(new URL('../../src/dialects/brightsign/rest/golden/', import.meta.url), () => serve({ dialect: brightsign }), {
  toLines: (body) => (/^[{[]/.test(body) ? JSON.stringify(JSON.parse(body), null, 2) : body),
});
