import { interfax } from '../../src/dialects/interfax/dialect.js';
import { goldens } from '../golden.js';
import { serve } from '../memory-server.js';

goldens(new URL('../../src/dialects/interfax/golden/', import.meta.url), () => serve({ dialect: interfax }), {
  toLines: (body) => body.replaceAll('\r\n', '\n').replaceAll('><', '>\n<'),
});
