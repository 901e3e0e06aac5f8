import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { filesSource } from './worker-source.ts';

const BYTES = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/whole') response.end(BYTES);
    else response.writeHead(404).end('no');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

it('[I17] bytes, picked files and addresses are read alike, and what was read of them is told', async () => {
  const told: [number, number][] = [];
  const source = filesSource(
    {
      name: 'mine',
      files: {
        'config.json': BYTES,
        'onnx/model.onnx': new Blob([BYTES]),
        'onnx/model_q4.onnx': { url: `${origin}/whole`, bytes: BYTES.length },
      },
    },
    (read, asked) => told.push([read, asked]),
  );
  expect(await source.list('onnx')).toEqual(['model.onnx', 'model_q4.onnx']);
  expect(await source.list('')).toEqual(['config.json']);
  expect(await source.size('onnx')).toBeNull();
  expect(await source.size('toString')).toBeNull();
  for (const path of ['config.json', 'onnx/model.onnx', 'onnx/model_q4.onnx']) {
    expect(await source.size(path)).toBe(BYTES.length);
    expect(Buffer.compare(await source.read(path), BYTES)).toBe(0);
  }
  expect(told.at(-1)).toEqual([300_000, 300_000]);
  await expect(source.read('tokenizer.json')).rejects.toThrow('tokenizer.json is not in mine');
});

it('[I17] an address that gives nothing, less or more than was announced is refused with the file’s name', async () => {
  const at = (url: string, bytes: number) =>
    filesSource({ name: 'mine', files: { f: { url: origin + url, bytes } } }).read('f');
  await expect(at('/absent', 3)).rejects.toThrow('f of mine could not be fetched: the server answered 404');
  await expect(at('/whole', 100_001)).rejects.toThrow('f of mine ended after 100000 of 100001 bytes');
  await expect(at('/whole', 99_999)).rejects.toThrow('f of mine is longer than the 99999 bytes');
});
