import { readFileSync } from "node:fs"
import { join } from "node:path"
import { type Command, Option } from "commander"
import { reachSelf } from "../api/reach.ts"
import type { Config } from "../api/world.ts"
import { type FindingWords, inWords } from "../core/findings.ts"
import { checks, examine } from "../engine/doctor/doctor.ts"
import { machine } from "../engine/doctor/machine.ts"
import { home, keyPlaceOf, openWorld, reachDatabase, readConfig } from "../main.ts"
import { findKeyId, readMasterKey } from "../store/masterKey.ts"
import { ConnectionDamaged } from "../store/postgres/server.ts"
import { openSecrets, type Secrets } from "../store/secrets.ts"

const languages = ["zh-Hans", "zh-Hant", "en"]
const marks = { ok: "ok ", warn: "!  ", bad: "!! " }

/** `zhunshi doctor`: is everything as it should be; each finding says what to do. Changes nothing. */
export default function doctorCommand(program: Command): void {
  program
    .command("doctor")
    .description("look for what is wrong, and say what to do; exits with 1 when something is bad")
    .addOption(
      new Option("--lang <language>", "of the sentences; that of LANG by default").choices(languages),
    )
    .option("--json", "print the findings as JSON")
    .action(async (options: { lang?: string; json?: boolean }) => {
      const findings = await look()
      if (findings.some(({ state }) => state === "bad")) process.exitCode = 1
      if (options.json) return void process.stdout.write(`${JSON.stringify(findings)}\n`)
      const words = JSON.parse(readFileSync(join(home, "content/doctor.json"), "utf8")) as FindingWords
      for (const finding of findings) {
        const { name, text, mend } = inWords(words, finding, options.lang ?? languageOf(process.env), local)
        process.stdout.write(`${marks[finding.state]} ${name}: ${text}${mend ? `\n     → ${mend}` : ""}\n`)
      }
    })
}

/** An instant on the wall of this company's zone, as far as a command knows it. */
const local = (iso: string): string =>
  new Date(iso).toLocaleString("sv-SE", { timeZone: readConfig().timezone }).slice(0, 16)

function languageOf({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): string {
  const tag = LC_ALL || LC_MESSAGES || LANG || ""
  if (/^zh.*(Hant|TW|HK|MO)/i.test(tag)) return "zh-Hant"
  return /^zh/i.test(tag) ? "zh-Hans" : "en"
}

/** Everything, and of a database that does not answer just that, with what can be seen of the machine. */
async function look() {
  const config = readConfig()
  const about = { ...config, givenKey: process.env.ZHUNSHI_KEY, machineNow: () => Date.now() }
  const reached = await reachDatabase(config, process.env, true)
    .then(async (database) => {
      await database.db.pool.query("select 1")
      return database
    })
    .catch((error: Error) => error)
  if (reached instanceof Error) {
    const isDamaged = reached instanceof ConnectionDamaged
    const database = {
      id: "database",
      state: "bad",
      says: isDamaged ? "damaged" : "failed",
      values: isDamaged ? { file: reached.file } : { error: reached.message },
    } as const
    // Without a database there is no world; these look at the machine alone.
    const blind = machine.filter(({ id }) => ["key", "folder", "disk", "calendar"].includes(id))
    return [
      database,
      ...(await examine(
        { ...about, world: null as never, reach: async () => "none", knownKeyId: async () => null },
        blind,
      )),
    ]
  }
  const { db, postgres } = reached
  const { world } = await openWorld(config, db, anySecrets(config))
  try {
    const reach = async () => (await reachSelf(world)).answer
    const knownKeyId = () => findKeyId(db.pool)
    return await examine({ ...about, world, reach, knownKeyId }, checks)
  } finally {
    world.live.close()
    await world.jobs.stop()
    await world.signIn.close()
    await db.close()
    await postgres?.stop()
  }
}

/** The secrets of the key at hand, whatever it is worth; of no key where there is none, since the doctor makes nothing. */
function anySecrets(config: Config): Secrets {
  try {
    return openSecrets(readMasterKey(keyPlaceOf(config)) ?? noKey)
  } catch {
    return openSecrets(noKey)
  }
}
const noKey = Buffer.alloc(32)
