import { defineConfig } from 'vite';

export default defineConfig({
  base: './',
  build: {
    outDir: '../server/dist/console',
    emptyOutDir: true,
    target: 'es2022',
    // Both themes are written with light-dark(), which these understand.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    // The page's policy allows no scripts or styles within the HTML, and no data: addresses but pictures.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
