import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"

/** How many orders between two collections: at 100,000 a million orders stay under 600 MB and take a few seconds more. */
const every = 100_000

/** A collector of garbage that is called once an order: left alone, V8 lets the heap grow to three times of what is in use. */
export function collector(): () => void {
  setFlagsFromString("--expose-gc")
  setFlagsFromString("--max-semi-space-size=8")
  const collect = runInNewContext("gc") as () => void
  let seen = 0
  return () => {
    if (++seen % every === 0) collect()
  }
}
