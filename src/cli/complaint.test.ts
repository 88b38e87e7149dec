import { once } from "node:events"
import { type AddressInfo, createServer } from "node:net"
import { expect, it } from "vitest"
import { complaint } from "./complaint.ts"

it("a port that is taken is named", async () => {
  const first = createServer().listen(0, "127.0.0.1")
  await once(first, "listening")
  const { port } = first.address() as AddressInfo
  const [error] = await once(createServer().listen(port, "127.0.0.1"), "error").catch((thrown) => [thrown])
  first.close()
  expect(complaint(error)).toBe(`port ${port} is taken; stop what listens there, or set PORT to another`)
})

it("what the program itself says stands as it was said, and nothing is left without a word", () => {
  expect(complaint(new Error("there is no file orders.csv"))).toBe("there is no file orders.csv")
  expect(complaint(Object.assign(new Error(""), { code: "EMFILE" }))).toBe("EMFILE")
})
