import { Button, Input } from "antd"
import { useState } from "react"
import type { HelpView } from "../../src/api/contract/words.ts"
import { useDepartmentName } from "../cases/names.ts"
import { span } from "../cases/span.ts"
import { useProblem } from "../marks/Blank.tsx"
import { Countdown } from "../marks/Countdown.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { markOf, msOf } from "../marks/states.ts"
import { say } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { type About, useWordsOf } from "./queries.ts"

/** A question to a department or a superior: until when it is to be answered, to whom it went on, and the place to answer. */
export function Help({ of, help }: { of: About; help: HelpView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const { withdraw } = useWordsOf(of)
  const { clock, state } = help
  const dueAt = msOf(clock?.dueAt)
  const when = (at: string) => say(Date.parse(at), now, { language, zone })
  return (
    <div className="thread-help">
      <p className="row s">
        {state === "asked" && dueAt !== null && clock ? (
          <>
            <Countdown state={markOf(clock)} dueAt={dueAt} />
            <span className="t2">{t("thread.help.until", { at: when(clock.dueAt!) })}</span>
          </>
        ) : (
          <span className="t2">{t(`thread.help.state.${state}`)}</span>
        )}
        <span className="grow" />
        {help.may.withdraw && (
          <button
            type="button"
            className="link"
            disabled={withdraw.isPending}
            onClick={() => withdraw.mutate(help.id)}
          >
            {t("thread.help.withdraw")}
          </button>
        )}
      </p>
      {clock?.breachedAt && (
        <p className="s">
          <StateTag state="over">{t("thread.help.late", { at: when(clock.dueAt!) })}</StateTag>
        </p>
      )}
      {help.escalations.map(({ at, to }) => (
        <p key={to.id} className="t2 s">
          {t("thread.help.wentOn", { at: when(at), to: to.name })}
        </p>
      ))}
      {help.may.answer && <Answer of={of} id={help.id} />}
    </div>
  )
}

function Answer({ of, id }: { of: About; id: string }) {
  const { t } = useWords()
  const problem = useProblem()
  const { answer } = useWordsOf(of)
  const [text, setText] = useState("")
  const words = text.trim()
  const send = () => words !== "" && answer.mutate({ id, text: words }, { onSuccess: () => setText("") })
  return (
    <>
      <div className="row thread-answer">
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 6 }}
          value={text}
          placeholder={t("thread.help.answer")}
          aria-label={t("thread.help.answer")}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send()
          }}
        />
        <Button disabled={words === ""} loading={answer.isPending} onClick={send}>
          {t("thread.send")}
        </Button>
      </div>
      {answer.error && <p className="over s">{problem(answer.error).title}</p>}
    </>
  )
}

/** Whether an answer was in time, and by how much. */
export function AnswerMark({ help }: { help: HelpView }) {
  const { t } = useWords()
  const { clock } = help
  if (!clock?.dueAt || !clock.closedAt) return null
  const ms = Date.parse(clock.dueAt) - Date.parse(clock.closedAt)
  return (
    <p className="s">
      <StateTag state={clock.outcome === "late" ? "over" : "met"}>
        {t(clock.outcome === "late" ? "thread.help.answeredLate" : "thread.help.answeredEarly", {
          span: span(Math.abs(ms)),
        })}
      </StateTag>
    </p>
  )
}

/** Whom a question went to. */
export function useAskedName(): (help: HelpView) => string {
  const departmentName = useDepartmentName()
  return (help) => help.to.person?.name ?? departmentName(help.to.department)
}
