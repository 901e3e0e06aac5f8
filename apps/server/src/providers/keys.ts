import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Provider, ProviderSettings } from '@flywheel/domain/provider';
import { z } from 'zod';
import { UserError } from '../errors.ts';

const Entry = z.object({
  /** The key is sent to this origin only. */
  origin: z.string(),
  iv: z.string(),
  tag: z.string(),
  data: z.string(),
});
const KeyFile = z.object({ version: z.literal(1), salt: z.string(), keys: z.record(z.string(), Entry) });
type KeyFile = z.infer<typeof KeyFile>;

/** Keys that their vendors' own variables hold, for their vendors' own addresses only. */
const VENDORS: Readonly<Record<string, string>> = {
  'https://api.openai.com': 'OPENAI_API_KEY',
  'https://api.anthropic.com': 'ANTHROPIC_API_KEY',
};

export const originOf = (settings: ProviderSettings): string | null =>
  settings.baseUrl === null ? null : new URL(settings.baseUrl).origin;

const stretch = promisify<string, Buffer, number, Buffer>(scrypt);

/** A provider may be called like a member of every object. */
const entryOf = (file: KeyFile, id: string): z.infer<typeof Entry> | undefined =>
  Object.hasOwn(file.keys, id) ? file.keys[id] : undefined;

/**
 * Providers' keys: in `<home>/keys.json`, encrypted (AES-256-GCM, bound to provider and origin), or from the environment.
 * The file's own key comes from FLYWHEEL_SECRET, else from `<home>/keys.secret`, which only its owner may read: whoever copies
 * the workspace without that file or variable has no keys. A key leaves this process in requests to its origin only.
 */
export const openKeys = async (home: string, env: NodeJS.ProcessEnv = process.env) => {
  const file = path.join(home, 'keys.json');
  const secretFile = path.join(home, 'keys.secret');
  let writing: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<KeyFile> => {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return { version: 1, salt: randomBytes(16).toString('base64'), keys: {} };
      throw error;
    }
    try {
      return KeyFile.parse(JSON.parse(text));
    } catch (cause) {
      throw new UserError(`${file} cannot be read: it is not a key file.`, 'CONFLICT', {
        cause,
        remedy: 'Restore it, or remove it and save the keys again.',
      });
    }
  };

  // Derived once for a salt, off the event loop: a run reads its key often, and each time would cost as much as a guess.
  let derived: { salt: string; key: Promise<Buffer> } | null = null;
  const derive = (secret: string, salt: string): Promise<Buffer> => {
    if (derived?.salt === salt) return derived.key;
    const key = stretch(secret, Buffer.from(salt, 'base64'), 32);
    derived = { salt, key };
    return key;
  };

  /** `make`: where there is no secret yet, one is made; else there is none to read with. */
  const masterKey = async (salt: string, make: boolean): Promise<Buffer> => {
    const given = env.FLYWHEEL_SECRET;
    if (given) return derive(given, salt);
    const known = await readFile(secretFile, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (known !== null && /^[0-9a-f]{64}$/.test(known.trim())) return Buffer.from(known.trim(), 'hex');
    if (known !== null || !make)
      throw new UserError(
        `${secretFile} ${known === null ? 'is missing' : 'is damaged'}: the saved keys cannot be read.`,
        'CONFLICT',
        { remedy: 'Restore it, or remove keys.json and save the keys again.' },
      );
    const made = randomBytes(32);
    await writeFile(secretFile, `${made.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
    return made;
  };

  const change = (act: (keys: KeyFile) => Promise<void>): Promise<void> => {
    const result = writing.then(async () => {
      const keys = await read();
      await act(keys);
      // One that was left over keeps its mode when it is written to.
      await rm(`${file}.new`, { force: true });
      await writeFile(`${file}.new`, JSON.stringify(keys, null, 2), { mode: 0o600, flag: 'wx' });
      await rename(`${file}.new`, file);
    });
    writing = result.catch(() => undefined);
    return result;
  };

  const fromEnvironment = (settings: ProviderSettings): string | null => {
    const name = `FLYWHEEL_KEY_${settings.id.toUpperCase().replaceAll('-', '_')}`;
    // Bound to an origin like every key: else whoever may change a base URL could send it anywhere.
    if (env[name] && env[`${name}_ORIGIN`] === originOf(settings)) return env[name];
    const vendor = VENDORS[originOf(settings) ?? ''];
    return (vendor && env[vendor]) || null;
  };

  return {
    /** What may be told of a provider's key. */
    describe: async (settings: ProviderSettings): Promise<Provider['key']> => {
      const origin = originOf(settings);
      if (origin === null) return null;
      const saved = entryOf(await read(), settings.id);
      if (saved) return { source: 'saved', origin: saved.origin, stale: saved.origin !== origin };
      return fromEnvironment(settings) === null ? null : { source: 'environment', origin, stale: false };
    },

    /** The key to send to a provider; null where it has none, or one of another origin. */
    get: async (settings: ProviderSettings): Promise<string | null> => {
      const origin = originOf(settings);
      if (origin === null) return null;
      const kept = await read();
      const saved = entryOf(kept, settings.id);
      if (!saved) return fromEnvironment(settings);
      if (saved.origin !== origin) return null;
      try {
        const decipher = createDecipheriv(
          'aes-256-gcm',
          await masterKey(kept.salt, false),
          Buffer.from(saved.iv, 'base64'),
          // A shorter tag is easier to forge: it is no tag of ours.
          { authTagLength: 16 },
        );
        decipher.setAAD(Buffer.from(`${settings.id} ${saved.origin}`));
        decipher.setAuthTag(Buffer.from(saved.tag, 'base64'));
        return decipher.update(saved.data, 'base64', 'utf8') + decipher.final('utf8');
      } catch (cause) {
        if (cause instanceof UserError) throw cause;
        throw new UserError(
          `The key of provider ${settings.id} in ${file} cannot be decrypted: FLYWHEEL_SECRET or ${secretFile} is another than when it was saved.`,
          'CONFLICT',
          { cause, remedy: 'Save the key again.' },
        );
      }
    },

    /** Keeps a key for the origin that the settings name now. */
    set: (settings: ProviderSettings, key: string): Promise<void> =>
      change(async (keys) => {
        const origin = originOf(settings);
        if (origin === null)
          throw new UserError(`Provider ${settings.id} has no base URL: a key would go nowhere.`);
        const iv = randomBytes(12);
        const cipher = createCipheriv(
          'aes-256-gcm',
          await masterKey(keys.salt, Object.keys(keys.keys).length === 0),
          iv,
        );
        cipher.setAAD(Buffer.from(`${settings.id} ${origin}`));
        const data = cipher.update(key, 'utf8', 'base64') + cipher.final('base64');
        const tag = cipher.getAuthTag().toString('base64');
        keys.keys[settings.id] = { origin, iv: iv.toString('base64'), tag, data };
      }),

    remove: (id: string): Promise<void> =>
      change(async (keys) => {
        delete keys.keys[id];
      }),
  };
};

export type Keys = Awaited<ReturnType<typeof openKeys>>;
