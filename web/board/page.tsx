import { Segmented } from "antd"
import { useNavigate, useSearchParams } from "react-router"
import type { Board, ChannelAge } from "../../src/api/contract.ts"
import { EmptyState, ErrorState, Skeleton } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { exact, say } from "../time/dates.ts"
import { useNow, useTick } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { Arrivals } from "./Arrivals.tsx"
import { Echo } from "./Echo.tsx"
import { Holders, Needed, Stages } from "./Lists.tsx"
import { useChannelName } from "./names.ts"
import { type Scope, useBoard } from "./queries.ts"
import { Ribbon } from "./Ribbon.tsx"
import { Soonest } from "./Soonest.tsx"
import "./board.css"

/** The board: what runs, what is near, what is over, and who is needed. */
export default function BoardPage() {
  const { t } = useWords()
  const [search, setSearch] = useSearchParams()
  const scope: Scope = {}
  const channel = search.get("channel")
  if (channel) scope.channel = channel
  const { data, error, refetch, isPending } = useBoard(scope)
  return (
    <div className="board">
      <PageHead title={t("board.title")} aside={<Today />}>
        {data && <Ages channels={data.channels} />}
        {data && (
          <Channels
            board={data}
            chosen={channel}
            onChoose={(each) => setSearch(each ? { channel: each } : {})}
          />
        )}
      </PageHead>
      {isPending ? (
        <Skeleton rows={12} />
      ) : error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        data && <Whole board={data} scope={scope} />
      )}
    </div>
  )
}

function Whole({ board, scope }: { board: Board; scope: Scope }) {
  const { t } = useWords()
  const navigate = useNavigate()
  const nothing = board.channels.length === 0
  if (nothing)
    return (
      <EmptyState
        title={t("board.empty.title")}
        act={{ label: t("board.empty.act"), onPress: () => void navigate("/import") }}
      >
        {t("board.empty.means")}
      </EmptyState>
    )
  return (
    <>
      <Ribbon board={board} scope={scope} />
      <div className="board-grid">
        <Arrivals board={board} />
        <div className="stack">
          <Echo board={board} />
          <Soonest asOf={board.asOf} scope={scope} />
        </div>
        <Stages board={board} scope={scope} />
        <Holders board={board} />
        <Needed board={board} />
      </div>
    </>
  )
}

function Today() {
  const { language } = useWords()
  const zone = useZone()
  return useTick((now) => `${say(now, now, { language, zone })}:${exact(now, zone).slice(-2)}`)
}

/** How old each channel's data is: a full dot is fresh, an amber ring is stale. */
function Ages({ channels }: { channels: readonly ChannelAge[] }) {
  const { t } = useWords()
  const now = useNow(1000)
  const zone = useZone()
  const name = useChannelName()
  return (
    <span className="ages">
      {channels.slice(0, 5).map(({ channel, shop, mode, lastToldAt, lastReceivedAt, stale }) => {
        const at = Date.parse((mode === "batch" ? lastToldAt : lastReceivedAt) ?? lastReceivedAt ?? "")
        const seconds = Math.max(0, Math.floor((now - at) / 1000))
        const age =
          seconds < 60
            ? `${seconds} s`
            : seconds < 3600
              ? `${Math.floor(seconds / 60)} min`
              : seconds < 86_400
                ? `${Math.floor(seconds / 3600)} h`
                : `${Math.floor(seconds / 86_400)} d`
        return (
          <span
            key={`${channel} ${shop}`}
            className="s t2 nw"
            title={`${shop} · ${exact(at, zone)} · ${t(`board.mode.${mode}`)}`}
          >
            <i className={stale ? "stale" : ""} />
            {name(channel)} {shop === "main" ? "" : `${shop} `}
            {age}
          </span>
        )
      })}
    </span>
  )
}

function Channels({
  board,
  chosen,
  onChoose,
}: {
  board: Board
  chosen: string | null
  onChoose: (channel: string | null) => void
}) {
  const { t } = useWords()
  const name = useChannelName()
  const channels = [
    ...new Set([...board.channels.map(({ channel }) => channel), ...(chosen ? [chosen] : [])]),
  ]
  if (channels.length < 2 && !chosen) return null
  return (
    <Segmented
      size="small"
      value={chosen ?? ""}
      onChange={(value) => onChoose(value || null)}
      options={[
        { value: "", label: t("board.allShops") },
        ...channels.map((each) => ({ value: each, label: name(each) })),
      ]}
    />
  )
}
