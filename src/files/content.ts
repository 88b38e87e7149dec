import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"

const folder = [
  join(import.meta.dirname, "../../content"),
  join(import.meta.dirname, "../../../content"),
].find((each) => existsSync(each))!

/** A text in the three languages. */
export type Said = { "zh-Hans": string; "zh-Hant": string; en: string }

/** What a company starts with, as content/<name>.json says; whoever asks knows its shape. */
export const readContent = <Shape>(name: string): Shape =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Shape
