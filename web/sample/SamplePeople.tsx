import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useNavigate } from "react-router"
import type { SamplePersonView } from "../../src/api/contract/sample.ts"
import { post } from "../client.ts"
import { initials } from "../shell/TopBar.tsx"
import { useWords } from "../words/words.ts"
import { useSample } from "./queries.ts"
import "./sample.css"

/** Only in the sample company: its people, one click signs in as one of them. */
export function SamplePeople({ next }: { next: string }) {
  const { t } = useWords()
  const sample = useSample()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [all, setAll] = useState(false)
  const enter = useMutation({
    mutationFn: (email: string) => post("/api/auth/sign-in/email", { email, password: sample?.password }),
    onSuccess: async () => {
      await queries.resetQueries({ queryKey: ["me"] })
      await navigate(next, { replace: true })
    },
  })
  if (!sample) return null
  const shown = all ? sample.people : sample.people.filter((each) => each.as !== null)
  return (
    <section className="sample-people" aria-label={t("sample.name")}>
      <h2>{t("sample.enter")}</h2>
      <p className="t2 s">{t("sample.what")}</p>
      {shown.map((person) => (
        <Somebody
          key={person.email}
          person={person}
          busy={enter.isPending}
          onEnter={() => enter.mutate(person.email)}
        />
      ))}
      {!all && (
        <button type="button" className="link s" onClick={() => setAll(true)}>
          {t("sample.everybody", { n: sample.people.length })}
        </button>
      )}
      {enter.isError && <p className="t2 s">{t("sample.enterFailed")}</p>}
    </section>
  )
}

type Props = { person: SamplePersonView; busy: boolean; onEnter: () => void }

function Somebody({ person: { name, as, roles }, busy, onEnter }: Props) {
  const { t } = useWords()
  const what = as
    ? t(`sample.as.${as}`)
    : roles.map((role) => t(`sign-in.role.${role}`)).join(t("sample.and"))
  return (
    <button type="button" className="somebody" disabled={busy} onClick={onEnter}>
      <span className="avatar">{initials(name)}</span>
      <b>{what}</b>
      <span className="t2">{name}</span>
    </button>
  )
}
