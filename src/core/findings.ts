/** How a check of the doctor came out. Its words stand in content/doctor.json under `id` and `says`, filled with `values`. */
export type Finding = {
  id: string
  /** `warn`: it will hurt; `bad`: it hurts now */
  state: "ok" | "warn" | "bad"
  says: string
  /** `at` is an instant in ISO */
  values: Record<string, string | number>
}

type Sentence = Record<string, string>
/** content/doctor.json: by check its name, its sentences, and under `mend` how to mend what they say. */
export type FindingWords = Record<string, Record<string, Sentence | Record<string, Sentence>>>

/** A finding in words of a language; `show` writes its instant as the reader is used to. */
export function inWords(
  words: FindingWords,
  { id, says, values }: Finding,
  language: string,
  show: (iso: string) => string = (iso) => iso,
): { name: string; text: string; mend: string | null } {
  const own = words[id] ?? {}
  const sentence = (found: Sentence | undefined): string | undefined =>
    found?.[language]?.replace(/\{\{(\w+)\}\}/g, (_, key: string) =>
      key === "at" ? show(String(values.at)) : String(values[key] ?? ""),
    )
  return {
    name: sentence(own.name as Sentence) ?? id,
    text: sentence(own[says] as Sentence) ?? says,
    mend: sentence((own.mend as Record<string, Sentence> | undefined)?.[says]) ?? null,
  }
}
