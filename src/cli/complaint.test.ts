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

it.each([
  ["28P01", 'password authentication failed for user "x"', /check user and password in DATABASE_URL/],
  ["3D000", 'database "x" does not exist', /make it \(createdb\), or name another/],
  ["42501", "permission denied for schema public", /make the user of DATABASE_URL the owner/],
])("what PostgreSQL refuses with %s is told with what to do", (code, message, expected) => {
  expect(complaint(Object.assign(new Error(message), { code }))).toMatch(expected)
})
