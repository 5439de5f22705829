## 需求、供给、成果

listing-kind-need = 需求
listing-kind-offer = 供给
listing-kind-result = 成果
listing-need-type-technical = 技术需求
listing-need-type-purchase = 采购需求
listing-need-type-joint = 联合攻关

listing-state-draft = 草稿
listing-state-in_review = 待审
listing-state-returned = 退回修改
listing-state-live = 有效
listing-state-paused = 暂停
listing-state-expired = 已过期
listing-state-resolved = 已解决
listing-state-withdrawn = 已撤回
listing-state-rejected = 不予发布
listing-state-archived = 已归档

# 当事人看到的一句话：现在怎样，接下来怎样
listing-stands-draft = 草稿只有本单位和园区能看到。写好后提交，园区审核通过就会公开。
listing-stands-in_review = 园区正在审核，一般两个工作日内答复。审核结果会发到作者的邮箱。
listing-stands-returned = 园区希望补充几处，修改意见在下面。改好后再次提交即可，之前的记录都会保留。
listing-stands-live = 正在公开展示，到 { $day } 为止。
listing-stands-paused = 已暂停展示，别人看不到，也不会推荐。随时可以恢复，有效期到 { $day }。
listing-stands-expired = 有效期已过。页面还可以查看，但不再推荐。仍然需要的话，续期即可。
listing-stands-resolved = 已标为解决，页面还可以查看，不再推荐。
listing-stands-withdrawn = 已撤回，只有本单位和园区能看到。
listing-stands-rejected = 园区没有发布这一条，原因在下面。
listing-stands-archived = 已归档，只留作记录。
listing-unverified = 本单位还没有核验。园区核验之后，这一条才能发布。

listing-budget-negotiable = 面议
listing-budget-under_5 = 5 万元以下
listing-budget-5_20 = 5 至 20 万元
listing-budget-20_50 = 20 至 50 万元
listing-budget-50_200 = 50 至 200 万元
listing-budget-over_200 = 200 万元以上

listing-cooperation-development = 技术开发
listing-cooperation-transfer = 技术转让
listing-cooperation-licence = 技术许可
listing-cooperation-consulting = 技术咨询
listing-cooperation-service = 技术服务

listing-ip-enterprise = 归企业
listing-ip-team = 归团队
listing-ip-shared = 双方共有
listing-ip-negotiable = 可以商量

listing-outcome-platform = 经园区对接解决
listing-outcome-self = 自己解决
listing-outcome-elsewhere = 通过其他渠道解决
listing-outcome-gave_up = 不再需要

listing-verdict-publish = 发布
listing-verdict-return = 退回修改
listing-verdict-reject = 不予发布

listing-trl-1 = 1 级：看清了基本原理，有观察或文献说明
listing-trl-2 = 2 级：想好了怎么用，有成形的技术方案
listing-trl-3 = 3 级：关键功能在实验室里验证过，行得通
listing-trl-4 = 4 级：在实验室做出了样品，各部分合在一起能用
listing-trl-5 = 5 级：主要部件在接近实际的条件下测试过
listing-trl-6 = 6 级：整套样机在模拟的使用条件下演示过
listing-trl-7 = 7 级：样机在真实的使用现场运行过
listing-trl-8 = 8 级：产品定型，小批量生产并通过了检验
listing-trl-9 = 9 级：已经批量生产，长期稳定使用
listing-trl-at = { $level } 级
listing-trl-range = { $low } 至 { $high } 级

listing-comma = 、
listing-untitled = （还没有标题）
listing-owner-anonymous = 匿名企业
listing-meta-budget = 预算{ $budget }
listing-meta-deadline = { $day }前
listing-meta-trl = 成熟度 { $level } 级

## 页面上的各部分

listing-part-need-problem = 现状与问题
listing-part-need-use-case = 使用场景
listing-part-need-partner = 对合作方的要求
listing-part-offer-problem = 产品与工艺
listing-part-offer-advantage = 能力
listing-part-offer-partner = 交期与起订量
listing-part-result-problem = 解决什么问题
listing-part-result-advantage = 比现有办法好在哪里
listing-part-result-economics = 粗算经济账
listing-part-result-evidence = 已经做到的证据
listing-part-result-partner = 需要对方提供
listing-targets = 核心指标
listing-target-name = 指标
listing-target-now = 现状
listing-target-target = 目标
listing-target-unit = 单位
listing-fact-deadline = 时限
listing-fact-budget = 预算
listing-fact-cooperation = 合作方式
listing-fact-ip = 产权归属
listing-fact-ip-note = 知识产权
listing-fact-trl = 技术成熟度
listing-fact-trl-wanted = 期望成熟度
listing-fact-industry = 行业小类
listing-fact-owner = 发布单位
listing-fact-number = 编号
listing-fact-published = 发布日期
listing-fact-until = 有效期至
listing-facts = 基本情况
listing-keywords = 关键词

listing-banner-expired = 这一条已过期（{ $day }）。页面留作参考，请以发布单位的最新说明为准。
listing-banner-resolved = 这一条已解决。页面留作参考。
listing-result-next = 想和这个团队谈？先发布一条需求，园区会推荐合适的团队，再请园区牵线。
listing-result-next-action = 发布需求
listing-matches = 看建议的团队

listing-own-title = 办理
listing-own-reviews = 审核记录
listing-own-scores = 清楚 { $clarity } · 可量化 { $measurability } · 可行 { $feasibility } · 完整 { $completeness }
listing-own-by-park = 园区
listing-own-desk = 到工作台审核
listing-own-outcome = 结果
listing-own-excluded = 不推荐给
listing-own-decision = 决策人
listing-own-decision-agreed = 决策人已经同意
listing-own-decision-open = 决策人还没有同意
listing-own-anonymity = 是否匿名
listing-own-anonymous = 公开页面不显示本单位名称
listing-own-owner = 发布单位
listing-own-unfinished = 有还没提交的修改，打开“修改”可以接着写。

listing-do-edit = 修改
listing-do-submit = 提交审核
listing-do-pause = 暂停展示
listing-do-resume = 恢复展示
listing-do-renew = 续期 { $days } 天
listing-do-withdraw = 撤回
listing-do-withdraw-open = 撤回这一条
listing-do-withdraw-note = 撤回之后不能恢复；只想先不公开，用“暂停展示”就可以。
listing-do-archive = 归档
listing-do-resolve = 标为已解决
listing-do-preview = 预览
listing-do-save = 保存草稿
listing-outcome = 怎么解决的
listing-outcome-note = 补充说明
listing-outcome-note-hint = 可以不写。写下来的话，园区统计和总结经验时会用到。

## 列表

listing-list-need = 需求
listing-list-offer = 供给
listing-list-result = 成果
listing-lede-need = 企业遇到的技术难题、采购需要和联合攻关项目，都经园区审核。
listing-lede-offer = 企业能提供的产品、工艺和加工能力，都经园区审核。
listing-lede-result = 高校团队愿意拿出来合作的成果，都经园区审核。
listing-count = 共 { $count } 条
listing-zones = 按展区看
listing-zones-all = 全部展区
listing-empty-need = 这里还没有有效的需求
listing-empty-offer = 这里还没有有效的供给
listing-empty-result = 这里还没有有效的成果
listing-empty-text = 换一个展区看看，或者自己发布一条。

## 表单

listing-new-need = 发布需求
listing-new-offer = 发布供给
listing-new-result = 发布成果
listing-edit-need = 修改需求
listing-edit-offer = 修改供给
listing-edit-result = 修改成果
listing-form-lede = 带“必填”的几项提交前写好，其余的写得越具体，推荐越准。写到一半可以先保存草稿。
listing-part-what = 要说明的事
listing-part-terms = 条件
listing-part-more = 其他
listing-field-owner = 代表哪个单位发布
listing-field-need_type = 需求类型
listing-field-title = 标题（必填）
listing-hint-title-need = 一句话说清对象和问题，例如：竹橱柜门板换季翘曲
listing-hint-title-offer = 一句话说清产品或工艺，例如：中小型铝件阳极氧化代工
listing-hint-title-result = 一句话说清技术和用处，例如：竹板材防翘曲热处理工艺
listing-field-teaser = 公开一句话（必填）
listing-field-teaser-optional = 公开一句话
listing-hint-teaser = 出现在列表和搜索结果里，不写单位名称和联系方式。
listing-field-zone = 展区（必填）
listing-field-zone-blank = 请选展区
listing-field-problem-need = 现状与问题（必填）
listing-field-problem-offer = 产品与工艺（必填）
listing-field-problem-result = 解决什么问题（必填）
listing-hint-problem-need = 现在怎么做，问题出在哪里，试过什么办法，为什么不够。
listing-hint-problem-offer = 做什么，用什么设备和材料，通常供给哪些行业。
listing-hint-problem-result = 谁会遇到这个问题，成果怎样解决，适用在什么条件下。
listing-hint-targets = 每行一个指标，按“指标 | 现状 | 目标 | 单位”写，例如：翘曲度 | 3.2 | ≤1.0 | mm/m
listing-hint-use-case = 用在哪里、什么环境、多大用量。
listing-field-deadline = 希望何时解决
listing-hint-deadline = 写日期或时长都可以，例如：2027-06-30、2027年6月、6个月
listing-field-budget = 预算
listing-field-budget-blank = 暂不填写
listing-field-cooperation = 合作方式
listing-hint-cooperation = 可以多选。
listing-field-ip = 产权归属意向
listing-field-ip-blank = 暂不填写
listing-field-ip_note = 知识产权
listing-hint-ip_note = 专利号或软著号、法律状态、权利人。
listing-hint-partner-need = 需要对方有什么设备、资质或经验。
listing-hint-partner-offer = 交货周期，最小起订量。
listing-hint-partner-result = 合作时需要企业准备什么：样品、场地、停线时间。
listing-field-trl_min = 期望成熟度：最低
listing-field-trl_max = 期望成熟度：最高
listing-field-trl-blank = 不限
listing-field-trl = 做到哪一步了（必填）
listing-hint-trl = 选最符合实际的一句。按国家标准 GB/T 22900 分九级。
listing-hint-evidence = 在哪里、做了多少、谁检测过。7 级及以上要写。
listing-hint-advantage-offer = 设备、产能、认证和有效期。
listing-hint-advantage-result = 用数字对比，例如：能耗降 18%，翘曲由 3.2 降到 1.0 mm/m
listing-hint-economics = 投入大约多少，每单位成本怎样变，多久收回。
listing-field-industry = 行业小类
listing-hint-industry = 国民经济行业分类的四位数字，例如 2120；不清楚可以不填。
listing-field-keywords = 关键词
listing-hint-keywords = 最多 10 个，用顿号或逗号隔开。写行内人搜索时会用的词。
listing-field-excluded = 不推荐给这些单位
listing-hint-excluded = 每行一个单位名称，只有本单位和园区能看到。
listing-field-decision_agreed = 能拍板的人已经同意推进这件事
listing-field-anonymous = 匿名发布：公开页面显示“匿名企业”
listing-hint-anonymous = 园区知道是谁；双方同意对接、交换联系方式之前，对方看不到单位名称。标题和正文里也请不要写单位名称。

listing-kept = 已自动保存为草稿
listing-not-kept = 没有自动保存，请点“保存草稿”
listing-live-note-title = 这一条正在公开展示
listing-live-note = 修改提交后由园区重新审核，审核期间页面暂不公开。只保存不提交，公开的内容不变。
listing-returned-note-title = 园区的修改意见
listing-conflict-title = 别人刚刚改过这一条
listing-conflict = 你写的都在下面，没有丢，也还没有保存。先看一眼现在的内容，再决定要不要按你写的提交。
listing-conflict-look = 看现在的内容
listing-not-now-title = 现在不能修改
listing-not-now = 这一条现在是“{ $state }”，你写的还没有保存。需要的话先复制下来。

listing-preview-title = 预览
listing-preview-note-title = 这就是公开后大家看到的样子
listing-preview-note = 还没有提交。提交后园区审核，通过才公开。
listing-preview-back = 返回修改

listing-register-first = 发布之前，请先登记企业
listing-team-first-title = 还没有可以代表的团队
listing-team-first = 成果由科研团队发布。请联系园区登记团队，登记后用同一个邮箱登录，就能在这里发布。
listing-team-first-action = 看已登记的团队

## 要改正的地方

listing-title-missing = 请写标题
listing-teaser-missing = 请写公开一句话，列表里靠它让人看懂
listing-zone-missing = 请从列表里选展区
listing-problem-missing-need = 请写现状与问题
listing-problem-missing-offer = 请写产品与工艺
listing-problem-missing-result = 请写成果解决什么问题
listing-trl-missing = 请选成果做到了哪一步
listing-evidence-missing = { $level } 级要在实际使用环境里运行过：请写明地点、数量或检测情况，或者改选 4 至 6 级
listing-long-title = 标题最多 { $most } 字，现在 { $length } 字
listing-long-teaser = 公开一句话最多 { $most } 字，现在 { $length } 字
listing-long-problem = 这段说明最多 { $most } 字，现在 { $length } 字
listing-long-targets = 核心指标最多 { $most } 字，现在 { $length } 字
listing-long-use_case = 使用场景最多 { $most } 字，现在 { $length } 字
listing-long-advantage = 优势或能力最多 { $most } 字，现在 { $length } 字
listing-long-economics = 经济账最多 { $most } 字，现在 { $length } 字
listing-long-ip_note = 知识产权最多 { $most } 字，现在 { $length } 字
listing-long-partner = 对对方的要求最多 { $most } 字，现在 { $length } 字
listing-long-evidence = 证据最多 { $most } 字，现在 { $length } 字
listing-long-excluded = 不推荐的单位最多 { $most } 字，现在 { $length } 字
listing-long-outcome_note = 补充说明最多 { $most } 字，现在 { $length } 字
listing-long-reason = 写给作者的话最多 { $most } 字，现在 { $length } 字
listing-choice = 请从给出的几项里选
listing-targets-many = 核心指标最多 { $most } 行
listing-deadline-form = 看不懂这个时限，请写成 2027-06-30、2027年6月 或 6个月
listing-deadline-past = 时限已经过去了，请写今天以后的日子
listing-deadline-far = 时限太远，请写 30 年以内的日子
listing-trl-order = 最低成熟度比最高的还高，请对调
listing-industry-form = 行业小类是四位数字，例如 2120
listing-keywords-many = 关键词最多 { $most } 个，现在 { $count } 个
listing-keywords-long = 每个关键词最多 { $most } 字，请用顿号隔开
listing-excluded-many = 不推荐的单位最多 { $most } 行
listing-outcome-missing = 请选怎么解决的
listing-score-missing-clarity = 请给“表述清楚”打分
listing-score-missing-measurability = 请给“指标可量化”打分
listing-score-missing-feasibility = 请给“技术可行”打分
listing-score-missing-completeness = 请给“信息完整”打分
listing-verdict-missing = 请选发布、退回修改或不予发布
listing-reason-missing = 请写明原因，作者会按它修改
listing-owner-missing = 请选代表哪个单位
listing-scores-say-return = 合计 { $sum } 分，或者有一项是 0 分：按规则先退回修改。认为可以发布的话，请先改分数
listing-scores-say-reject = 合计 { $sum } 分，不足 5 分：按规则不予发布。认为可以发布的话，请先改分数
listing-owner-not-verified = 发布单位还没有核验，先核验单位再发布

## 做完以后

listing-saved = 草稿已保存
listing-kept-live = 修改已存为草稿，公开的内容没有变
listing-submitted = 已提交，园区会尽快审核
listing-paused-done = 已暂停展示
listing-resumed-done = 已恢复展示
listing-renewed-done = 已续期
listing-resolved-done = 已标为解决
listing-withdrawn-done = 已撤回
listing-archived-done = 已归档
listing-step-late = 这一条的状态刚刚变了，请看下面的现状
listing-step-unverified = 本单位还没有通过核验，暂时不能公开展示
listing-reviewed-publish = 已发布，作者会收到信
listing-reviewed-return = 已退回修改，作者会收到信
listing-reviewed-reject = 已记为不予发布，作者会收到信

## 工作台

listing-desk-title = 待审的供需信息
listing-desk-empty = 没有待审的供需信息
listing-desk-empty-text = 企业和团队提交之后，会按先后排在这里。
listing-desk-waiting = 提交于 { $at }
listing-desk-review = 审核
listing-desk-score = 打分
listing-desk-score-hint = 四项各 0 至 5 分。合计 10 分及以上且没有 0 分可以发布；5 至 9 分，或有一项 0 分，退回修改；不足 5 分不予发布。
listing-score-clarity = 表述清楚
listing-score-measurability = 指标可量化
listing-score-feasibility = 技术可行
listing-score-completeness = 信息完整
listing-desk-advice = 合计 { $sum } 分，建议：{ $verdict }
listing-desk-reason = 写给作者的话
listing-desk-reason-hint = 退回或不予发布时要写。退回时说清改哪几处、怎样改。
listing-desk-owner-unverified = 发布单位还没有核验，核验之前不能发布。
listing-desk-owner-look = 去核验单位
listing-desk-anonymous = 匿名发布：公开页面不显示发布单位。
listing-desk-private = 只有当事单位和园区看到
listing-desk-done-title = 已经有人处理了
listing-desk-done = 这一条现在是“{ $state }”，刚才填的没有记录。处理结果见下面的审核记录。
listing-desk-changed-title = 作者又改过了
listing-desk-changed = 打开这一页之后，作者收回并重新提交过。内容已更新，请再看一遍；刚才填的还在。
listing-desk-not-waiting = 这一条不在待审中，现在是“{ $state }”。
listing-desk-back = 回到待审列表

## 信件

listing-mail-published-subject = 已发布：{ $title }
listing-mail-published-text = “{ $title }”（{ $kind }）已经通过审核，正在公开展示，有效期到 { $until }。
listing-mail-published-next = 看页面：
listing-mail-published-button = 看页面
listing-mail-returned-subject = 请补充后再提交：{ $title }
listing-mail-returned-text = 园区看过“{ $title }”（{ $kind }），希望先补充或修改几处，再发布。
listing-mail-returned-next = 修改并再次提交：
listing-mail-returned-button = 修改并提交
listing-mail-rejected-subject = 没有发布：{ $title }
listing-mail-rejected-text = 园区看过“{ $title }”（{ $kind }），这次没有发布。
listing-mail-rejected-next = 看记录：
listing-mail-rejected-button = 看记录
listing-mail-expired-subject = 有效期到了，还需要吗：{ $title }
listing-mail-expired-text = “{ $title }”（{ $kind }）的有效期到 { $until } 为止，页面已标为过期，不再推荐。
listing-mail-reason = 园区写的话：

## 续期与复诊

listing-fresh = { $days ->
    [0] 今天由发布人确认有效
   *[other] { $days } 天前由发布人确认有效
}
listing-neighbours = 同类有效信息
listing-asking-text = 想知道这一条是否仍然需要？园区可以替你问一句发布方：这只是一条消息，不是对接，双方都不显示姓名。
listing-asking-do = 请发布方确认是否仍需要
listing-asking-asked = 已经替你问过，发布方答复后会写信告诉你。
listing-asking-sign-in = 登录后请发布方确认
listing-asked-done = 已转给发布方，答复后会写信告诉你
listing-asked-unverified = 先由园区核验你的单位，再请发布方确认
listing-renewed-already = 还在有效期内，到期前 14 天起可以续期
listing-outcome-about = 是哪一次对接
listing-outcome-about-none = 不是其中任何一次
listing-outcome-story = 同意园区把这件事写成案例
listing-outcome-story-hint = 写成之前会先请你过目。
listing-own-story = 案例
listing-own-story-yes = 同意写成案例，发布前过目
listing-own-history = 经过
listing-changed = { $field }：{ $from } → { $to }
listing-changed-nothing = （空）
listing-changed-yes = 是
listing-changed-no = 否
listing-changed-need_type = 需求类型
listing-changed-title = 标题
listing-changed-teaser = 公开一句话
listing-changed-zone = 展区
listing-changed-problem = 正文
listing-changed-targets = 核心指标
listing-changed-advantage = 优势或能力
listing-changed-economics = 经济账
listing-changed-use_case = 使用场景
listing-changed-deadline = 时限
listing-changed-budget = 预算
listing-changed-cooperation = 合作方式
listing-changed-ip = 产权归属
listing-changed-ip_note = 知识产权
listing-changed-partner = 对方条件
listing-changed-trl = 成熟度
listing-changed-evidence = 证据
listing-changed-industry = 行业小类
listing-changed-keywords = 关键词
listing-changed-excluded = 不推荐给
listing-changed-decision_agreed = 决策人已同意
listing-changed-anonymous = 匿名
listing-actor-owner = 发布单位
listing-actor-letter = 信中链接
listing-actor-staff = 园区
listing-actor-clock = 到期自动
listing-happened-edit = 修改
listing-happened-pause = 暂停展示
listing-happened-resume = 恢复展示
listing-happened-renew = 续期
listing-happened-resolve = 标为已解决
listing-happened-withdraw = 撤回
listing-happened-archive = 归档
listing-happened-expire = 有效期已过
listing-happened-asked = 有人请发布方确认是否仍需要
listing-happened-checkup = 园区复诊
listing-happened-erased = 结束满一年，联系信息已清除
listing-renewal-title = 还有效吗
listing-renewal-until = 有效期到 { $day } 为止。还需要吗？
listing-renewal-over = 有效期已于 { $day } 结束。还需要吗？
listing-renewal-still = 还需要
listing-renewal-still-text = 续期之后继续公开展示，页面会写明由发布人确认有效。
listing-renewal-not-yet = 还在有效期内，到期前 14 天起可以续期。
listing-renewal-edit-text = 内容有变化的话，登录后
listing-renewal-solved = 已解决
listing-renewal-give-up = 放弃
listing-renewal-give-up-text = 不再需要了。页面会撤下，不能恢复。
listing-renewal-give-up-note = 为什么（可以不写）
listing-renewal-missing = 请按下面其中一个按钮
listing-renewal-done = 已收到你的答复
listing-renewal-answered = 这个问题已经有了答复
listing-renewal-late = 这个链接已经过了期限
listing-renewal-look = 看这一条
listing-checkup-title = 复诊
listing-checkup-text = 已续期 { $times } 次，还没有请求过任何对接。看看是哪里卡住了，写信告诉发布方怎样改更容易找到合作方。
listing-checkup-words = 写给发布方的话
listing-checkup-hint = 例如：缺少处理量和检测指标，建议补充后再推荐。
listing-checkup-send = 发给发布方
listing-checkup-missing = 请写下看出了什么、建议怎样改
listing-checkup-done = 已写信给发布方
listing-checkup-before = 已经有人看过了

listing-mail-ask = 点开下面的链接，不用登录，按一下就好。续期一次是 { $days } 天。
listing-mail-renew = 还需要，续期 { $days } 天
listing-mail-solved = 已解决
listing-mail-give-up = 放弃
listing-mail-edit = 修改内容（要登录）
listing-mail-link-note = 打开链接不会改变任何事，按下页面上的按钮才算答复。链接用过一次就失效。
listing-mail-expiring-subject = 还有 { $days } 天到期，还需要吗：{ $title }
listing-mail-expiring-text = “{ $title }”（{ $kind }）的有效期到 { $until } 为止，还有 { $days } 天。到期没有答复的话，页面会标为过期，不再推荐。
listing-mail-asked-subject = 有人想确认是否仍需要：{ $title }
listing-mail-asked-text = 有单位看到“{ $title }”（{ $kind }），有效期已于 { $until } 结束，想确认是否仍然需要。这只是一句询问，不是对接，不会告诉对方你是谁。
listing-mail-answered-subject = 发布方已答复：{ $title }
listing-mail-answered-holds = 你问过“{ $title }”（{ $kind }）是否仍然需要。发布方确认：仍然需要，已经续期。
listing-mail-answered-over = 你问过“{ $title }”（{ $kind }）是否仍然需要。发布方答复：现在不再需要了。可以看看其他有效的信息。
listing-mail-answered-look = 看这一条
listing-mail-answered-others = 看其他有效信息
listing-mail-checkup-subject = 园区的建议：{ $title }
listing-mail-checkup-text = “{ $title }”（{ $kind }）已多次续期，还没有找到合作方。园区看了一遍，有几句建议。

listing-checkup-too-little = { $times } 支团队都说信息太少。看看缺什么，写信告诉发布方怎样补充，或者约一次电话辅导。
listing-own-too-little = 建议修改：三支团队都说信息太少。补充处理量、现有工艺和可检测的指标，再提交一次，园区也可以帮你一起改。
listing-do-undo = 撤回提交（十分钟内）
listing-undone-done = 已撤回提交，还是草稿
listing-happened-undo = 撤回提交
