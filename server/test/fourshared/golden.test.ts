import { fourshared } from '../../src/dialects/fourshared/dialect.js';
import { goldens } from '../golden.js';
import { serve } from '../memory-server.js';

goldens(new URL('../../src/dialects/fourshared/golden/', import.meta.url), () => serve({ dialect: fourshared }), {
  toLines: (body) => body.replaceAll('\r\n', '\n').replaceAll('><', '>\n<'),
});
