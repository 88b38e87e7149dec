import { Button, Input } from "antd"
import { Phone, Send } from "lucide-react"
import { useState } from "react"
import type { PartnerRequestView } from "../../src/api/contract/partners.ts"
import { isoOf } from "../../src/core/instants.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { useWho } from "../shell/who.tsx"
import { say } from "../time/dates.ts"
import { InstantPicker } from "../time/InstantPicker.tsx"
import { useNow, useTick } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { AskPartner } from "./AskPartner.tsx"
import { useRequestAnswer, useRequests } from "./queries.ts"
import "./requests.css"

/** What partners were asked about a case or incident, each with its clock and its answer; the place to ask. */
export function Requests({ subject, proposed = "" }: { subject: string; proposed?: string }) {
  const { t } = useWords()
  const { may } = useWho()
  const { data = [] } = useRequests(subject)
  const [asking, setAsking] = useState(false)
  return (
    <section className="requests">
      <header className="row case-section">
        <h2>{t("partners.request.title")}</h2>
        <span className="grow" />
        {may("act", "case") && (
          <Button size="small" icon={<Send size={13} />} onClick={() => setAsking(true)}>
            {t("partners.request.ask")}
          </Button>
        )}
      </header>
      {data.length === 0 && <p className="t3 s">{t("partners.request.none")}</p>}
      {data.map((each) => (
        <RequestRow key={each.id} each={each} />
      ))}
      {asking && <AskPartner subject={subject} proposed={proposed} onClose={() => setAsking(false)} />}
    </section>
  )
}

/** One request: what was asked of whom, how it left, until when, and the answer. */
export function RequestRow({
  each,
  withPartner = true,
}: {
  each: PartnerRequestView
  withPartner?: boolean
}) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { may } = useWho()
  const dueAt = Date.parse(each.dueAt)
  const isOver = useTick((at) => at > dueAt)
  const when = (at: string) => say(Date.parse(at), now, { language, zone })
  const wasLate = each.answeredAt !== null && Date.parse(each.answeredAt) > dueAt
  return (
    <article className="request">
      <p className="row s">
        <b className="el">
          {withPartner && `${each.partner.name} · `}
          {t(`partners.request.kind.${each.kind}`)}
        </b>
        <span className="grow" />
        {each.answeredAt === null ? (
          <Countdown state={isOver ? "over" : "calm"} dueAt={dueAt} />
        ) : (
          <StateTag state={wasLate ? "over" : "met"}>
            {t(wasLate ? "partners.request.late" : "partners.request.inTime")}
          </StateTag>
        )}
      </p>
      <p className="request-text">{each.text}</p>
      <p className="t3 s row">
        {each.via === "call" && <Phone size={12} />}
        {t(`partners.request.how.${howOf(each)}`, {
          by: each.askedBy,
          at: when(each.mailedAt ?? each.askedAt),
          contact: each.contact,
        })}
      </p>
      {each.error && <p className="over s">{t("partners.request.failed", { error: each.error })}</p>}
      {each.answer !== null && (
        <p className="request-answer">
          {each.answer}
          <span className="t3 s">
            {" "}
            {each.answeredBy?.replace(/^partner:/, "")} {when(each.answeredAt!)}
            {each.promisedAt && ` · ${t("partners.request.promised", { at: when(each.promisedAt) })}`}
          </span>
        </p>
      )}
      {each.answer === null && may("act", "case") && <NoteAnswer id={each.id} />}
    </article>
  )
}

const howOf = ({ via, mailedAt, contact, error }: PartnerRequestView): string =>
  via === "call" ? "call" : mailedAt ? "mailed" : contact !== "" && !error ? "mailing" : "page"

function NoteAnswer({ id }: { id: string }) {
  const { t } = useWords()
  const problem = useProblem()
  const answer = useRequestAnswer()
  const [open, setOpen] = useState(false)
  const [text, setText] = useState("")
  const [promised, setPromised] = useState<number | null>(null)
  const words = text.trim()
  if (!open)
    return (
      <button type="button" className="link s" onClick={() => setOpen(true)}>
        {t("partners.request.note")}
      </button>
    )
  const send = () =>
    answer.mutate({ id, answer: words, ...(promised ? { promisedAt: isoOf(promised) } : {}) })
  return (
    <div className="request-note">
      <Input.TextArea
        autoFocus
        autoSize={{ minRows: 1, maxRows: 5 }}
        value={text}
        placeholder={t("partners.request.answer")}
        aria-label={t("partners.request.answer")}
        onChange={({ target }) => setText(target.value)}
      />
      <div className="row">
        <InstantPicker
          size="small"
          showTime={{ format: "HH:mm" }}
          value={promised}
          placeholder={t("partners.request.promisedAt")}
          onChange={(at) => setPromised(at)}
        />
        <span className="grow" />
        <Button size="small" disabled={words === ""} loading={answer.isPending} onClick={send}>
          {t("partners.request.keep")}
        </Button>
      </div>
      {answer.error && <p className="over s">{problem(answer.error).title}</p>}
    </div>
  )
}
