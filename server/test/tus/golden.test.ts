import { tus } from '../../src/dialects/tus/dialect.js';
import { goldens } from '../golden.js';
import { serve } from '../memory-server.js';

goldens(new URL('../../src/dialects/tus/golden/', import.meta.url), () => serve({ dialect: tus, anonymous: 'alice' }));
