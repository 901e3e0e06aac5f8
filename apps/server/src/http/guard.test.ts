import { describe, expect, it } from 'vitest';
import { checkBody, checkCaller, checkOrigin } from './guard.ts';

const gate = { port: 4317, token: 'right-token' };
const host = '127.0.0.1:4317';

describe('guard', () => {
  it('[R1] refuses foreign, portless and rebound hosts', () => {
    for (const bad of [
      undefined,
      'evil.example',
      'evil.example:4317',
      '127.0.0.1',
      '127.0.0.1:4318',
      'localhost.evil:4317',
    ])
      expect(checkOrigin('GET', { host: bad }, gate)?.status, String(bad)).toBe(403);
    for (const good of [host, 'localhost:4317', '[::1]:4317'])
      expect(checkOrigin('GET', { host: good }, gate)).toBeNull();
  });

  it('[R2] refuses foreign, null and other loopback origins', () => {
    for (const origin of ['http://evil.example', 'null', 'http://127.0.0.1:9999', 'https://127.0.0.1:4317'])
      expect(checkOrigin('POST', { host, origin }, gate)?.status, origin).toBe(403);
    expect(checkOrigin('POST', { host, origin: `http://${host}` }, gate)).toBeNull();
  });

  it('[R3] refuses cross-site and same-site requests, and typed addresses that are no navigation', () => {
    for (const site of ['cross-site', 'same-site', 'none'])
      expect(checkOrigin('GET', { host, 'sec-fetch-site': site }, gate)?.status, site).toBe(403);
    const typed = {
      host,
      'sec-fetch-site': 'none',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect(checkOrigin('GET', typed, gate)).toBeNull();
    expect(checkOrigin('GET', { ...typed, 'sec-fetch-dest': 'iframe' }, gate)?.status).toBe(403);
  });

  it('[R4] wants the cookie of this port, or the bearer token', () => {
    expect(checkCaller({}, gate)?.status).toBe(401);
    expect(checkCaller({ cookie: 'flywheel_4318=right-token' }, gate)?.status).toBe(401);
    expect(checkCaller({ cookie: 'flywheel_4317=wrong' }, gate)?.status).toBe(401);
    expect(checkCaller({ cookie: 'a=b; flywheel_4317=right-token' }, gate)).toBeNull();
    expect(checkCaller({ authorization: 'Bearer right-token' }, gate)).toBeNull();
  });

  it('[R5] refuses what a form can send', () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
      undefined,
    ])
      expect(checkBody('POST', '/trpc/x', { 'content-type': type })?.status, String(type)).toBe(415);
    expect(checkBody('POST', '/trpc/x', { 'content-type': 'application/json; charset=utf-8' })).toBeNull();
    expect(checkBody('POST', '/upload', { 'content-type': 'application/octet-stream' })).toBeNull();
    expect(checkBody('DELETE', '/trpc/x', {})?.status).toBe(405);
  });
});
