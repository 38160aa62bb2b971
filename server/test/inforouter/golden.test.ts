import { inforouter } from '../../src/dialects/inforouter/dialect.js';
import { goldens } from '../golden.js';
import { serve } from '../memory-server.js';

goldens(new URL('../../src/dialects/inforouter/golden/', import.meta.url), () => serve({ dialect: inforouter }), {
  toLines: (body) => body.replaceAll('\r\n', '\n').replaceAll('><', '>\n<'),
});
