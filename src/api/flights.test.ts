import { expect, it } from "vitest"
import { Flights } from "./flights.ts"

it("who asks while an answer is worked out shares the next one, and an error is nobody else's", async () => {
  const flights = new Flights<number>()
  const open: { resolve(n: number): void; reject(error: Error): void }[] = []
  const ask = (key = "a") =>
    flights.take(key, () => new Promise((resolve, reject) => open.push({ resolve, reject })))
  const first = ask()
  const later = [ask(), ask()]
  const other = ask("b")
  expect(open.length).toBe(2)
  open[1]!.resolve(7)
  expect(await other).toBe(7)
  open[0]!.reject(new Error("lost"))
  await expect(first).rejects.toThrow("lost")
  await Promise.resolve()
  expect(open.length).toBe(3)
  const last = ask()
  open[2]!.resolve(2)
  expect(await Promise.all(later)).toEqual([2, 2])
  await Promise.resolve()
  open[3]!.resolve(3)
  expect(await last).toBe(3)
})
