import vue from '@vitejs/plugin-vue';
import { fileURLToPath } from 'node:url';
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers';
import components from 'unplugin-vue-components/vite';
import { defineConfig } from 'vite';

const service = process.env['JIXIAO_URL'] ?? 'http://127.0.0.1:8080';
const served = { '/graphql': service, '/evidence': service, '/export': service };

export default defineConfig({
  base: '/',
  plugins: [vue(), components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  define: { __VUE_OPTIONS_API__: true, __VUE_I18N_LEGACY_API__: false, __INTLIFY_PROD_DEVTOOLS__: false },
  build: {
    target: 'es2022',
    // The Content-Security-Policy allows no data: URL beyond images, and none is needed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: served },
  preview: { proxy: served },
});
