/** The least that can be done: `width` loops that post the next body, read the answer and forget it. */
export const bareLoop = async (url: string, bodies: readonly string[], width: number): Promise<void> => {
  let next = 0;
  const loop = async (): Promise<void> => {
    while (next < bodies.length) {
      const response = await fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: bodies[next++] as string,
      });
      const answer = (await response.json()) as { choices: { message: { content: string } }[] };
      if (!answer.choices[0]?.message.content) throw new Error(`The stub said ${response.status}.`);
    }
  };
  await Promise.all(Array.from({ length: width }, loop));
};
