import { Button, Input, Segmented } from "antd"
import { Copy } from "lucide-react"
import { useState } from "react"
import type { CaseView } from "../../../src/api/contract/cases.ts"
import type { NoticeView } from "../../../src/api/contract/causes.ts"
import { hasBlanks } from "../../../src/core/notices.ts"
import { useProblem } from "../../marks/Blank.tsx"
import { say } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import { useAct, useNotices } from "../queries.ts"

const channels = ["chat", "sms", "portal"] as const
type Channel = (typeof channels)[number]

/** The message to the customer that stands ready, in their language: looked at, edited, copied into the platform's chat and marked as told with its text; else what they were told last. */
export function Notice({ each }: { each: CaseView }) {
  const { data = [] } = useNotices(each.number)
  const ready = data.findLast(({ state }) => state === "drafted" || state === "failed")
  const shown = ready ?? data.findLast(({ state }) => state === "told")
  if (!shown) return null
  return ready ? <Ready key={ready.id} each={each} notice={ready} /> : <Told notice={shown} />
}

function Told({ notice }: { notice: NoticeView }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  return (
    <section>
      <h2>{t("case.notice.told")}</h2>
      <p className="case-bubble">{notice.text ?? notice.texts.chat}</p>
      {notice.toldBy === null && notice.toldAt && (
        <p className="s t3">
          {t("case.notice.autoAt", { at: say(Date.parse(notice.toldAt), now, { language, zone }) })}
        </p>
      )}
    </section>
  )
}

function Ready({ each, notice }: { each: CaseView; notice: NoticeView }) {
  const { t, language } = useWords()
  const problem = useProblem()
  const act = useAct(each.number)
  const [channel, setChannel] = useState<Channel>("chat")
  const [written, setWritten] = useState<string | null>(null)
  const [copied, setCopied] = useState(false)
  const may = each.acts.some((legal) => legal.act === "told" && legal.may)
  const text = written ?? notice.texts[channel]
  const lacks = hasBlanks(text)
  const tell = (how: "chat" | "phone") =>
    act.mutate({ act: "told", how, text: text.trim(), version: each.version })
  const copy = () => void navigator.clipboard.writeText(text).then(() => setCopied(true))
  return (
    <section>
      <header className="row case-section">
        <h2 className="grow">
          {t("case.notice.ready")}{" "}
          {written !== null && <span className="t3 s">{t("case.notice.edited")}</span>}
        </h2>
        <Segmented<Channel>
          size="small"
          value={channel}
          onChange={(wanted) => {
            setChannel(wanted)
            setWritten(null)
          }}
          options={channels.map((value) => ({ value, label: t(`case.notice.${value}`) }))}
        />
      </header>
      {written === null ? (
        <p className="case-bubble">{text}</p>
      ) : (
        <Input.TextArea
          autoFocus
          autoSize={{ minRows: 3, maxRows: 12 }}
          value={written}
          aria-label={t("case.notice.edit")}
          onChange={({ target }) => setWritten(target.value)}
        />
      )}
      {notice.error && <p className="over s">{t("case.notice.failed", { error: notice.error })}</p>}
      {lacks && <p className="near s">{t("case.notice.lacks")}</p>}
      {notice.caution && <p className="near s">{notice.caution[language]}</p>}
      {may && (
        <div className="row case-notice-acts">
          <Button size="small" icon={<Copy size={14} />} onClick={copy}>
            {t(copied ? "case.notice.copied" : "case.notice.copy")}
          </Button>
          <Button
            size="small"
            disabled={lacks || text.trim() === ""}
            loading={act.isPending}
            onClick={() => tell("chat")}
          >
            {t("case.notice.mark")}
          </Button>
          <button
            type="button"
            className="link s"
            disabled={lacks || act.isPending}
            onClick={() => tell("phone")}
          >
            {t("case.notice.call")}
          </button>
          <button type="button" className="link s" onClick={() => setWritten(written === null ? text : null)}>
            {t(written === null ? "case.notice.edit" : "case.notice.original")}
          </button>
        </div>
      )}
      {act.error && <p className="over s">{problem(act.error).title}</p>}
    </section>
  )
}
