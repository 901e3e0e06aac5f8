/** Sends a file's bytes to the server; rejects with the server's reason. */
export const upload = async (file: File): Promise<{ upload: string; bytes: number }> => {
  const response = await fetch(`/upload?name=${encodeURIComponent(file.name)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  if (!response.ok)
    throw new Error(
      `${file.name} was not taken: ${response.status} ${(await response.text()).slice(0, 200)}`,
    );
  return response.json();
};
