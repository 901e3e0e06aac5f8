/** The model has no such form as can be run here. */
export class UnsupportedModel extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnsupportedModel';
  }
}

/** A model file that is not what it says: it is cut, was changed, or was made to do harm. */
export class DamagedModel extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DamagedModel';
  }
}
