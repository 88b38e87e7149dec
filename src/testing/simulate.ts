import { appendFileSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Command } from "commander"
import { openDatabase } from "../store/database.ts"
import { migrate } from "../store/migrate.ts"
import { startPostgres, urlOf } from "../store/postgres/server.ts"
import { cloneTemplate } from "./clone.ts"
import { Disagreement } from "./simulator/books.ts"
import { Course } from "./simulator/course.ts"
import { simulate } from "./simulator/simulation.ts"

// `npm run simulate -- --seed N --weeks W`: weeks of a company's life in seconds, on an embedded PostgreSQL of its own.

const program = new Command()
  .name("simulate")
  .description("runs a company against the naive model, a seed after the other")
  .option("--seed <n>", "the first seed; one drawn by chance unless given", Number)
  .option("--seeds <n>", "how many seeds, one after the other", Number, 1)
  .option("--weeks <n>", "weeks of each", Number, 4)
  .option("--orders <n>", "new orders a week", Number, 30)
  .option("--until <step>", "stop after this step", Number)
  .option("--course <file>", "write down which act went on at each step, to see where two courses part")
  .parse()
const options = program.opts<{
  seed?: number
  seeds: number
  weeks: number
  orders: number
  until?: number
  course?: string
}>()

const data = mkdtempSync(join(tmpdir(), "zs-simulate-"))
const postgres = await startPostgres(data, {
  database: "template_zhunshi",
  settings: [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=128MB",
    "autovacuum=off",
  ],
})
try {
  const template = urlOf(postgres.connection)
  const db = openDatabase(template)
  await migrate(db)
  await db.close()
  const first = options.seed ?? Math.floor(Math.random() * 2 ** 31)
  for (let seed = first; seed < first + options.seeds; seed++) {
    const { url, drop } = await cloneTemplate(template)
    const began = performance.now()
    try {
      const until = options.until === undefined ? {} : { until: options.until }
      const file = options.course
      const course = new Course(file === undefined ? undefined : (step) => appendFileSync(file, `${step}\n`))
      const { weeks, orders: ordersAWeek } = options
      const done = await simulate({ url, seed, weeks, ordersAWeek, course, ...until })
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      process.stdout.write(
        `seed ${seed}: ${weeks} weeks in ${seconds} s, course ${done.course} ${JSON.stringify(done.seen)}\n`,
      )
    } catch (error) {
      if (!(error instanceof Disagreement)) throw error
      process.stdout.write(
        `${error.message}\n\nnpm run simulate -- --seed ${seed} --weeks ${options.weeks} --orders ${options.orders} --until ${error.step}\n`,
      )
      process.exitCode = 1
      break
    } finally {
      await drop()
    }
  }
} finally {
  await postgres.stop()
  rmSync(data, { recursive: true, force: true })
}
