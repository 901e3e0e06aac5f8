/** Vite's address of a file that it serves beside the code. */
declare module '*.wasm?url' {
  const address: string;
  export default address;
}
