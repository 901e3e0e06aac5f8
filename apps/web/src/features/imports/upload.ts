export interface Uploaded {
  /** The name to import it by. */
  upload: string;
  bytes: number;
}

/** Why a file did not arrive, in words for the one who sent it. */
export class UploadRefused extends Error {}

const reasonOf = (status: number, text: string): string => {
  if (status === 401) return 'The server was started anew: open the link that it printed, then try again.';
  if (status === 413) return text || 'The file is larger than the server takes.';
  return `The server refused it (${status}${text && `: ${text.slice(0, 200)}`}).`;
};

/**
 * Sends a file's bytes to the server. Not `fetch`, which does not tell how far a body has gone.
 *
 * @param onSent called with the bytes that have left
 * @throws UploadRefused with the reason; also when `signal` aborts
 */
export const upload = (file: File, signal: AbortSignal, onSent: (bytes: number) => void): Promise<Uploaded> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const refuse = (reason: string): void => reject(new UploadRefused(reason));
    request.open('POST', `/upload?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => onSent(event.loaded));
    request.addEventListener('load', () => {
      if (request.status !== 200) return refuse(reasonOf(request.status, request.responseText));
      resolve(JSON.parse(request.responseText) as Uploaded);
    });
    request.addEventListener('error', () =>
      refuse('It did not arrive: the server is away, or the file changed or may not be read.'),
    );
    request.addEventListener('abort', () => refuse('Not sent.'));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
