import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.FLYWHEEL_DEV_API;
const proxied = api && {
  target: api,
  headers: { authorization: `Bearer ${process.env.FLYWHEEL_DEV_TOKEN}`, origin: api },
  changeOrigin: true,
};

export default defineConfig({
  root: 'apps/web',
  plugins: [react()],
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 4_000 },
  server: {
    host: '127.0.0.1',
    ...(proxied && { proxy: { '/trpc': proxied, '/upload': proxied, '/download': proxied } }),
  },
});
