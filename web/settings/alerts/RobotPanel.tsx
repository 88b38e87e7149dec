import { Button, Popover, Segmented } from "antd"
import { Send, X } from "lucide-react"
import { type ReactNode, useState } from "react"
import type { CardView, RobotKindName, RobotRow } from "../../../src/api/contract/alerts.ts"
import { Skeleton } from "../../marks/Blank.tsx"
import { StateIcon } from "../../marks/StateIcon.tsx"
import { Brand } from "../../shell/Brand.tsx"
import { say, sayDay } from "../../time/dates.ts"
import { useNow } from "../../time/now.ts"
import { useZone } from "../../time/zone.ts"
import { useWords } from "../../words/words.ts"
import type { Editing } from "./Alerts.tsx"
import { useAlertSettings, usePreview, useTestRobot } from "./queries.ts"
import { Platform } from "./RobotTable.tsx"
import { useOutcome } from "./Sent.tsx"
import { WhenForm } from "./WhenForm.tsx"

type Edit = ((editing: Editing) => void) | null

/** One robot: where it posts, what it keeps to, a test, and what its group sees. */
export function RobotPanel({
  robot,
  onEdit,
  onClose,
}: {
  robot: RobotRow
  onEdit: Edit
  onClose: () => void
}) {
  const { t } = useWords()
  const test = useTestRobot()
  const sayOutcome = useOutcome()
  return (
    <aside className="robot-panel" aria-label={robot.name}>
      <header className="row">
        <Platform kind={robot.kind} />
        <b className="el grow">{robot.name}</b>
        {onEdit && (
          <Button
            size="small"
            icon={<Send size={13} />}
            loading={test.isPending}
            onClick={() => test.mutate(robot.id, { onSuccess: sayOutcome })}
          >
            {t("alerts.panel.test")}
          </Button>
        )}
        <button type="button" className="icon-button" aria-label={t("marks.close")} onClick={onClose}>
          <X size={16} />
        </button>
      </header>
      <Options robot={robot} onEdit={onEdit} />
      <Seen robot={robot} />
    </aside>
  )
}

function Options({ robot, onEdit }: { robot: RobotRow; onEdit: Edit }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const settings = useAlertSettings().data
  const { kind, secretAt, keyword, quiet, warehouses, codes, escalateMinutes, head } = robot
  const edit = (focus?: "address" | "secret") =>
    onEdit && (() => onEdit({ robot, ...(focus ? { focus } : {}) }))
  const getsDigest = settings?.digestAt != null && (codes.length === 0 || codes.includes("morning_digest"))
  return (
    <section className="options">
      <Option name={t("alerts.panel.address")} act={t("alerts.panel.changeAddress")} onAct={edit("address")}>
        {robot.shown}
      </Option>
      {kind !== "mail" && (
        <Option
          name={t("alerts.panel.secret")}
          act={t("alerts.panel.changeSecret")}
          onAct={kind === "wecom" ? null : edit("secret")}
        >
          {kind === "wecom"
            ? t("alerts.panel.secretKey")
            : secretAt
              ? t("alerts.panel.secretSet", { at: sayDay(Date.parse(secretAt), now, { language, zone }) })
              : t("alerts.panel.secretNone")}
        </Option>
      )}
      {keyword && (
        <Option name={t("alerts.panel.keyword")} act={t("alerts.panel.change")} onAct={edit()}>
          {keyword}
        </Option>
      )}
      {warehouses.length > 0 && (
        <Option name={t("alerts.panel.warehouses")} act={t("alerts.panel.change")} onAct={edit()}>
          {warehouses.join(t("line.and"))}
        </Option>
      )}
      <Option
        name={t("alerts.panel.nobody")}
        act={t("alerts.panel.change")}
        form={
          onEdit && settings && <WhenForm of="minutes" department={robot.department} settings={settings} />
        }
      >
        {escalateMinutes === 0
          ? t("alerts.panel.neverHead")
          : head
            ? t("alerts.panel.toHead", { n: escalateMinutes, head })
            : t("alerts.panel.toNoHead", { n: escalateMinutes })}
      </Option>
      <Option name={t("alerts.panel.quiet")} act={t("alerts.panel.change")} onAct={edit()}>
        {quiet ? t("alerts.panel.quietBut", quiet) : t("alerts.none")}
      </Option>
      <Option
        name={t("alerts.panel.digest")}
        act={t("alerts.panel.change")}
        form={
          onEdit && settings && <WhenForm of="digest" department={robot.department} settings={settings} />
        }
      >
        {getsDigest ? t("alerts.panel.daily", { at: settings.digestAt }) : t("alerts.panel.noDigest")}
      </Option>
    </section>
  )
}

function Option({
  name,
  act,
  onAct = null,
  form = null,
  children,
}: {
  name: string
  act: string
  onAct?: (() => void) | null
  /** a small form that opens beside */
  form?: ReactNode
  children: ReactNode
}) {
  const button = (
    <button type="button" className="link s" {...(onAct ? { onClick: onAct } : {})}>
      {act}
    </button>
  )
  return (
    <div className="option">
      <span className="t3">{name}</span>
      <span className="grow el">{children}</span>
      {onAct && button}
      {form && (
        <Popover trigger="click" placement="bottomRight" destroyOnHidden content={form}>
          {button}
        </Popover>
      )}
    </div>
  )
}

const chats = ["feishu", "dingtalk", "wecom"] as const

/** The latest card as its group reads it, on each platform. */
function Seen({ robot }: { robot: RobotRow }) {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const [kind, setKind] = useState<RobotKindName>(robot.kind === "mail" ? "feishu" : robot.kind)
  const preview = usePreview(robot.id)
  return (
    <>
      <div className="row seen-head">
        <h2>{t("alerts.panel.seen")}</h2>
        <span className="grow" />
        <Segmented
          size="small"
          value={kind}
          onChange={setKind}
          options={chats.map((each) => ({ value: each, label: t(`alerts.kind.${each}`) }))}
        />
      </div>
      <div className="chat">
        {preview.data ? (
          <>
            <p className="xs t3 when">
              {preview.data.example
                ? t("alerts.panel.example")
                : say(Date.parse(preview.data.at), now, { language, zone })}
            </p>
            <Bubble card={preview.data.card} kind={kind} />
          </>
        ) : (
          <Skeleton rows={3} widths={[200]} />
        )}
      </div>
      <p className="s t3 one">{t("alerts.panel.one")}</p>
    </>
  )
}

function Bubble({ card, kind }: { card: CardView; kind: RobotKindName }) {
  const { t } = useWords()
  const level = card.level === "info" ? "calm" : card.level
  const buttons = [card.open, card.take].flatMap((link) => (link ? [link] : []))
  return (
    <div className="bubble">
      <Brand size={36} />
      <div className="grow">
        <p className="xs t3">
          {t("shell.product")} <span className="bot">{t("alerts.panel.robot")}</span>
        </p>
        <div className={`card ${kind}`}>
          <div className={`card-head ${level}`}>
            {kind === "feishu" && <StateIcon state={level} size={18} />}
            {card.title}
          </div>
          <div className="card-body">
            {card.lines.map((line) => (
              <p key={line}>{line}</p>
            ))}
            <div className="card-acts">
              {buttons.map(({ says, url }, i) => (
                <a
                  key={says}
                  className={kind !== "wecom" && i === 0 ? "first" : ""}
                  href={url}
                  target="_blank"
                  rel="noreferrer"
                >
                  {says}
                </a>
              ))}
            </div>
          </div>
        </div>
      </div>
    </div>
  )
}
