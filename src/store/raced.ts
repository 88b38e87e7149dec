/** Thrown when a transaction found an order that it took for new: it is rolled back and done again, then the order is there. */
export class Raced extends Error {
  override readonly name = "Raced"
  constructor() {
    super("somebody else was first")
  }
}
