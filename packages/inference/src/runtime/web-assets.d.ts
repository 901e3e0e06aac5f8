/** The address that the bundler gives a file. */
declare module '*?url' {
  const address: string;
  export default address;
}
