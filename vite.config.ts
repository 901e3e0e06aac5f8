import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

const api = process.env.FLYWHEEL_DEV_API;
const proxied = api && {
  target: api,
  headers: { authorization: `Bearer ${process.env.FLYWHEEL_DEV_TOKEN}`, origin: api },
  changeOrigin: true,
};

export default defineConfig({
  root: 'apps/web',
  plugins: [react()],
  // Of onnxruntime-web, the builds that leave its WebAssembly beside them, so that the server can give it.
  resolve: { conditions: [...defaultClientConditions, 'onnxruntime-web-use-extern-wasm'] },
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    chunkSizeWarningLimit: 4_000,
    rolldownOptions: {
      // Models in a worker are also asked for alone: by the end-to-end tests, the benchmark and `flywheel model check`.
      input: {
        index: 'apps/web/index.html',
        inference: 'apps/web/src/app/inference.ts',
        'model-check': 'apps/web/src/app/inference-check.ts',
      },
      preserveEntrySignatures: 'exports-only',
      // What is asked for by name is told from the pieces that the bundler makes, which may have that name too.
      output: { entryFileNames: 'assets/entry-[name]-[hash].js' },
    },
  },
  server: {
    host: '127.0.0.1',
    // As our own server has them (apps/server/src/http/headers.ts): local models use threads where a page is isolated.
    headers: {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    },
    ...(proxied && { proxy: { '/trpc': proxied, '/upload': proxied, '/download': proxied } }),
  },
});
