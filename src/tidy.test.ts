import { createHash } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { parseSync } from "oxc-parser"
import { describe, expect, it } from "vitest"

const root = resolve(import.meta.dirname, "..")
const rooms = ["src", "web", "bench"]

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesIn(path) : [path]
  })
}
const names = rooms.flatMap((room) => filesIn(join(root, room))).map((path) => relative(root, path))
const sources = names
  .filter((name) => /\.tsx?$/.test(name) && !name.includes("specimen"))
  .map((name) => {
    const text = readFileSync(join(root, name), "utf8")
    return { name, text, parsed: parseSync(name, text) }
  })
const isTest = (name: string) => name.endsWith(".test.ts") || name.startsWith("src/testing/")

/** Files that a file imports, relative to the root; packages by their name. */
function importsOf({ name, parsed }: (typeof sources)[number]): { to: string; typeOnly: boolean }[] {
  return parsed.module.staticImports.map((each) => {
    const to = each.moduleRequest.value
    const typeOnly = each.entries.length > 0 && each.entries.every((entry) => entry.isType)
    return { to: to.startsWith(".") ? relative(root, resolve(root, dirname(name), to)) : to, typeOnly }
  })
}
const roomOf = (name: string): string =>
  name.startsWith("src/") ? (name.split("/").length > 2 ? name.split("/")[1]! : "main") : name.split("/")[0]!

/** Which rooms a room may import from. */
const allowed: Record<string, string[]> = {
  core: ["core"],
  files: ["core", "files"],
  store: ["core", "store"],
  engine: ["core", "files", "store", "engine"],
  api: ["core", "files", "store", "engine", "api"],
  main: ["core", "files", "store", "engine", "api", "main"],
  demo: ["core", "files", "store", "engine", "api", "main", "demo"],
  cli: ["core", "files", "store", "engine", "api", "main", "demo", "cli"],
  web: ["core", "files", "web", "content"],
  bench: ["core", "files", "store", "engine", "api", "main", "demo", "cli", "testing", "bench"],
}

describe("the house", () => {
  it("imports run one way", () => {
    const wrong = sources
      .filter(({ name }) => !isTest(name))
      .flatMap((source) => {
        const own = allowed[roomOf(source.name)]
        return importsOf(source)
          .filter(({ to }) => /^(src|web|bench|content)\//.test(to))
          .filter(({ to }) => own !== undefined && !own.includes(roomOf(to)))
          .filter(
            ({ to, typeOnly }) =>
              !(roomOf(source.name) === "web" && typeOnly && /^src\/api\/contract(\.ts|\/)/.test(to)),
          )
          .map(({ to }) => `${source.name} imports ${to}`)
      })
    expect(wrong).toEqual([])
  })

  it("core imports nothing outside itself but zod and temporal-polyfill", () => {
    const packages = sources
      .filter(({ name }) => roomOf(name) === "core" && !isTest(name))
      .flatMap((source) =>
        importsOf(source)
          .filter(({ to }) => !to.startsWith("src/core/"))
          .map(({ to }) => to),
      )
    expect(new Set(packages)).toEqual(new Set(["zod", "temporal-polyfill"]))
  })

  it("nothing imports itself by a detour", () => {
    const graph = new Map(
      sources.map((source) => [
        source.name,
        importsOf(source)
          .filter(({ to, typeOnly }) => !typeOnly && /^(src|web)\//.test(to))
          .map(({ to }) => to),
      ]),
    )
    const cycles: string[] = []
    const done = new Set<string>()
    const walk = (name: string, path: string[]): void => {
      if (path.includes(name)) {
        cycles.push([...path.slice(path.indexOf(name)), name].join(" → "))
        return
      }
      if (done.has(name)) return
      for (const next of graph.get(name) ?? []) walk(next, [...path, name])
      done.add(name)
    }
    for (const name of graph.keys()) walk(name, [])
    expect(cycles.filter((each) => each.startsWith("src/"))).toEqual([])
  })

  it("nobody below the composition root reads the machine's clock, or throws dice", () => {
    const wrong = sources
      .filter(({ name }) => ["core", "store", "engine"].includes(roomOf(name)) && !isTest(name))
      .filter(({ text }) => /Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(/.test(text))
      .map(({ name }) => name)
    expect(wrong).toEqual([])
  })

  it("no `any`, no leftovers, and every suppressed rule has its reason", () => {
    const wrong = sources.flatMap(({ name, text }) =>
      text.split("\n").flatMap((line, i) => {
        const at = `${name}:${i + 1}`
        if (/(:|<|as)\s*any\b(?!\()/.test(line) && !/"|`|'|\/\/|\*/.test(line)) return [`${at} any`]
        if (
          /biome-ignore/.test(line) &&
          !/biome-ignore(-[a-z]+)? \S+: \S+ \S/.test(line) &&
          !name.includes("tidy")
        )
          return [`${at} a suppression without a reason`]
        return /@ts-(ignore|nocheck)/.test(line) ? [`${at} a line without types`] : []
      }),
    )
    expect(wrong).toEqual([])
  })

  it("tests do not sleep", () => {
    const wrong = sources
      .filter(
        ({ name, text }) =>
          name.endsWith(".test.ts") && !name.includes("tidy") && /setTimeout\(|waitForTimeout\(/.test(text),
      )
      .map(({ name }) => name)
    expect(wrong).toEqual([])
  })

  it("what has no home has no name yet", () => {
    const banned = /^(utils?|helpers?|common|misc|shared|lib)(\.|$)/i
    expect(names.filter((name) => name.split("/").some((part) => banned.test(part)))).toEqual([])
  })

  it("released migrations never change", () => {
    const released = JSON.parse(readFileSync(join(root, "migrations/released.json"), "utf8")) as Record<
      string,
      string
    >
    for (const [file, checksum] of Object.entries(released))
      expect(
        createHash("sha256")
          .update(readFileSync(join(root, "migrations", file)))
          .digest("hex"),
        file,
      ).toBe(checksum)
  })

  it("says which files are the longest", () => {
    const longest = sources
      .map(({ name, text }) => ({ name, lines: text.split("\n").length }))
      .sort((one, other) => other.lines - one.lines)
      .slice(0, 10)
    console.log(
      `the ten longest files\n${longest.map(({ name, lines }) => `${String(lines).padStart(5)} ${name}`).join("\n")}`,
    )
    expect(longest[0]!.lines).toBeLessThan(700)
  })
})
