import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from "node:child_process"
import { cpSync, existsSync, lchownSync, mkdirSync, readdirSync } from "node:fs"
import { join } from "node:path"

/** How the server's programs are run, since PostgreSQL refuses to run as root. */
export type Guise = {
  /** a sentence for the log when it is not simply the present user */
  says: string | null
  bin: string
  /** Makes a folder and what is in it the server's own. */
  own(path: string): void
  run(program: string, args: readonly string[], options?: SpawnOptions): ChildProcess
  runSync(program: string, args: readonly string[]): { status: number | null; output: string }
}

const nobody = 65_534

/** Chooses the guise: as we are; under root an unprivileged uid where it can reach binaries and data, else a user namespace, else a copy of the binaries under /var/lib/zhunshi. */
export function chooseGuise(bin: string, data: string): Guise {
  if (process.getuid?.() !== 0) return guise(bin, null, [], null)
  if (reaches(join(bin, "postgres"), "-x") && reaches(data, "-d")) return guise(bin, null, [], nobody)
  if (spawnSync("unshare", ["--user", "true"]).status === 0)
    return guise(
      bin,
      "PostgreSQL runs in a user namespace of its own, since root's folders are closed to others",
      ["unshare", "--user"],
      null,
    )
  const copy = "/var/lib/zhunshi/postgres"
  if (!existsSync(join(copy, "bin/postgres")))
    cpSync(join(bin, ".."), copy, { recursive: true, dereference: true })
  return guise(
    join(copy, "bin"),
    `PostgreSQL runs from a copy of its programs in ${copy}, since root's folders are closed to others`,
    [],
    nobody,
  )
}

/** Whether an unprivileged user gets to a path. */
function reaches(path: string, test: "-x" | "-d"): boolean {
  return (
    spawnSync("/bin/sh", ["-c", `test ${test} "$1" -a -x "$1"`, "sh", path], {
      uid: nobody,
      gid: nobody,
      cwd: "/",
    }).status === 0
  )
}

function guise(bin: string, says: string | null, before: readonly string[], uid: number | null): Guise {
  const as = uid === null ? {} : { uid, gid: uid }
  const command = (program: string, args: readonly string[]) => [...before, join(bin, program), ...args]
  const env = { ...process.env, LC_ALL: "C", TZ: "UTC" }
  return {
    says,
    bin,
    own(path) {
      mkdirSync(path, { recursive: true, mode: 0o700 })
      if (uid !== null) ownAll(path, uid)
    },
    run(program, args, options = {}) {
      const [first, ...rest] = command(program, args)
      return spawn(first!, rest, { cwd: "/", env, ...as, ...options })
    },
    runSync(program, args) {
      const [first, ...rest] = command(program, args)
      const done = spawnSync(first!, rest, { cwd: "/", env, ...as, encoding: "utf8" })
      return {
        status: done.status,
        output: `${done.stdout ?? ""}${done.stderr ?? ""}${done.error?.message ?? ""}`,
      }
    },
  }
}

function ownAll(path: string, uid: number): void {
  lchownSync(path, uid, uid)
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name)
    if (entry.isDirectory()) ownAll(inner, uid)
    else lchownSync(inner, uid, uid)
  }
}
