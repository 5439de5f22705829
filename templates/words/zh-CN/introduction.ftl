## 对接：两方各自回答愿不愿意见面

introduction-anonymous = 一家企业（名称在双方同意后告知）
introduction-colleague-hidden = 一支被推荐的团队（同意后告知）
introduction-comma = 、
introduction-semicolon = ；
introduction-enterprise = 企业
introduction-team = 团队
introduction-need = 需求
introduction-other = 对方单位
introduction-time = 可选时间
introduction-why = 为什么找您
introduction-their-words = 对方的话
introduction-park-words = 园区的说明
introduction-shared-words = 双方共有的词
introduction-asked-again = 再次询问的日期
introduction-meeting-at = 见面时间
introduction-contact-name = 联系人
introduction-contact-title = 职务
introduction-contact-email = 邮箱
introduction-contact-phone = 电话
introduction-mend = 补充需求后再试
introduction-others = 看看其他团队

introduction-need-title = 需求
introduction-need-problem = 现状与问题
introduction-need-targets = 核心指标
introduction-need-target = { $name }要达到 { $target }{ $unit }
introduction-need-target-now = { $name }现为 { $now }{ $unit }，要达到 { $target }{ $unit }
introduction-need-use-case = 使用场景
introduction-need-partner = 对方条件
introduction-need-deadline = 时限
introduction-need-budget = 预算
introduction-need-cooperation = 合作方式
introduction-need-trl = 期望成熟度

## 状态

introduction-state-awaiting_park = 等园区查看
introduction-state-awaiting_team = 等团队答复
introduction-state-later = 团队说以后再说
introduction-state-accepted = 团队已接受，等企业选时间
introduction-state-exchanged = 双方已交换联系方式
introduction-state-met = 已会面
introduction-state-not_held = 未举行
introduction-state-declined = 本次未能对接
introduction-state-timed_out = 已到期自动关闭
introduction-state-withdrawn = 已撤回
introduction-state-stopped = 园区未转送
introduction-state-channel_failed = 信件没有送到，园区正在联系

introduction-about-awaiting_park = 园区在一个工作日内查看；到时没有处理，会自动转给团队。
introduction-about-awaiting_team = 问题已经发给团队。团队答复之前，双方都看不到对方的联系方式。
introduction-about-later = 团队现在不方便，到下面的日期会再问一次。
introduction-about-accepted = 团队愿意见面，给出了可选的时间。企业选定一个时间并同意之后，双方才看到联系方式。
introduction-about-exchanged = 双方都同意了。联系方式已经发到各自的邮箱，也列在下面。
introduction-about-met = 已经见过面。
introduction-about-not_held = 这次见面没有举行。
introduction-about-declined = 这次没有谈成见面，没有交换任何联系方式。
introduction-about-timed_out = 在期限内没有等到答复，已自动关闭，不计为谢绝。
introduction-about-withdrawn = 其中一方撤回了请求或同意，没有交换任何联系方式。
introduction-about-stopped = 园区没有把这次请求转给团队，原因见下面的说明。
introduction-about-channel_failed = 有一封信没有送到。园区会换一种方式联系，不影响双方。

introduction-stopped-by-itself = 这条需求已经结束，或者这支团队暂不推荐，所以没有转送。
introduction-due = 截止
introduction-due-none = 信件发出后开始计时

introduction-stage-propose = 企业提出
introduction-stage-park = 园区查看
introduction-stage-team = 团队答复
introduction-stage-choice = 企业选时间
introduction-stage-exchanged = 交换联系方式

## 经过

introduction-step-propose = 企业请求对接
introduction-step-refer = 由另一支团队转荐
introduction-step-improve = 园区修改了请求的说明
introduction-step-pass = 转给团队
introduction-step-stop = 园区没有转送
introduction-step-ask_again = 再次询问团队
introduction-step-accept = 团队接受，给出时间
introduction-step-decline = 团队表示本次不便
introduction-step-postpone = 团队说以后再说
introduction-step-offer_again = 再次请企业选时间
introduction-step-choose = 企业选定时间，双方交换联系方式
introduction-step-refuse = 企业表示本次不再继续
introduction-step-run_out = 到期没有答复
introduction-step-withdraw = 撤回
introduction-step-lose_channel = 信件没有送到

introduction-actor-enterprise = 企业
introduction-actor-team = 团队
introduction-actor-staff = 园区
introduction-actor-clock = 到时自动
introduction-actor-mail = 邮件服务器

## 谢绝的原因，和对方读到的话

introduction-decline-direction = 方向不符
introduction-decline-full = 时间排满
introduction-decline-too_early = 还太早，成熟度不够
introduction-decline-budget = 预算不合
introduction-decline-exclusive = 已有排他合作
introduction-decline-too_little = 信息太少
introduction-decline-referral = 可以推荐同事
introduction-decline-other = 其他
introduction-kind-direction = 谢谢信任。这条需求和我们现在的研究方向不太一致，担心耽误你们，建议找方向更近的团队。
introduction-kind-full = 谢谢信任。我们近期的安排已经排满，暂时抽不出时间好好对接，过一段时间欢迎再联系。
introduction-kind-too_early = 谢谢信任。我们的成果离实际应用还有距离，现在还撑不起这项任务。
introduction-kind-budget = 谢谢信任。按目前的预算，我们没有把握把事情做好。
introduction-kind-exclusive = 谢谢信任。我们在这个方向上已经和别的单位有约定，这次不便参加。
introduction-kind-too_little = 谢谢信任。目前的信息还不足以判断能不能做，补充具体的指标和工况后欢迎再联系。
introduction-kind-referral = 谢谢信任。我们有一支同行团队更合适，已经请园区转问他们。
introduction-kind-other = 谢谢信任。我们这次不便对接，祝早日找到合适的团队。

## 请求对接

introduction-new-title = 请求对接
introduction-new-lede = 写清为什么找这支团队。园区先看一个工作日，再转给团队；团队同意、你们选定时间之后，双方才看到联系方式。
introduction-new-need = 你的需求
introduction-new-team = 你要找的团队
introduction-new-left = { $n ->
    [0] 本月的请求次数已经用完
   *[other] 本月还可以发 { $n } 次
}
introduction-new-places = 该团队本月还可以接待 { $n } 项
introduction-reason = 为什么找这支团队
introduction-reason-hint = 至少 20 个字。说说看中了对方的什么，你们能提供什么条件，想先做哪一步。不要写电话和邮箱，双方同意后系统会交换。
introduction-reason-short = 再写几句，至少 20 个字，现在有 { $n } 个
introduction-reason-long = 请控制在 500 字以内，现在有 { $n } 字
introduction-reason-contact = 这里先不要写电话或邮箱；双方同意后系统会交换
introduction-reason-anonymous = 这条需求是匿名的，这里却写出了你们单位的名称；请改掉再发送
introduction-template-title = 可以照着这样写
introduction-template = 我们看到贵团队在「{ $need }」相关方向上的成果，正好对应我们现在的难处：（写一句现状和数字）。我们可以提供（样品、产线、数据、人员），想先（寄样试做／到厂看一次／通一次电话），再谈合作方式。
introduction-send = 发送请求
introduction-sent = 已发送，园区会在一个工作日内查看
introduction-cannot = 现在不能发送请求
introduction-cannot-not-open = 这条需求现在没有公开，或者不是技术需求和联合攻关，不能请求对接。
introduction-cannot-not-verified = 园区还在核验你的单位。核验通过后就可以请求对接。
introduction-cannot-not-now = 这支团队暂不推荐给这条需求。看看其他合适的团队。
introduction-cannot-too-many = 你的单位本月已经发出 { $n } 次请求，次数用完了，下个月 1 日重新计算。
introduction-cannot-full = 该团队本月的接待名额已满，或者正在暂停接待。可以排队，也可以先看看其他合适的团队。
introduction-cannot-open = 这支团队和这条需求已经在对接中，不用再发一次。
introduction-cannot-answered = 对方已答复，请先补充需求，再请求对接。
introduction-cannot-exchanged = 你们已经交换过联系方式，可以直接联系。
introduction-see = 查看这次对接
introduction-see-need = 回到需求
introduction-other-teams = 其他合适的团队

## 答复页

introduction-answer-title = 请您答复
introduction-answer-lede = 不需要登录或密码。按下按钮之前，什么都不会发生。
introduction-from = 来自
introduction-accept = 接受
introduction-accept-lede = 给出一到三个可以见面的时间，企业会选一个。
introduction-times = 可以见面的时间
introduction-times-hint = 最多三个，在今后 60 天之内；先通电话也可以。
introduction-times-nth = 第 { $n } 个时间
introduction-times-missing = 请至少给出一个时间
introduction-times-form = 请写成 2026-12-01 10:00 这样的时间
introduction-times-past = 有一个时间已经过去了，请换一个
introduction-times-far = 请给出今后 60 天之内的时间
introduction-times-many = 最多给出三个时间
introduction-show = 对方同意后会看到
introduction-show-name = 姓名和职务
introduction-show-email = 邮箱
introduction-phone = 同时提供我的电话
introduction-phone-number = 电话：{ $phone }
introduction-consent = 同意提供联系方式
introduction-consent-team = 我同意：企业也同意见面后，把我的姓名、职务、邮箱，以及勾选了的电话，提供给提出这条需求的企业，只用于这次对接。
introduction-consent-enterprise = 我同意：把我的姓名、职务、邮箱，以及勾选了的电话，提供给这支团队，只用于这次对接。
introduction-consent-record = { $words }（接收方：{ $recipient }；事项：{ $need }）
introduction-consent-missing = 请勾选同意，双方才能交换联系方式
introduction-accept-send = 接受并发送时间
introduction-decline = 谢绝
introduction-decline-lede = 选一个原因，企业会读到原因下面的话，看不到您的联系方式。
introduction-decline-reason = 原因
introduction-decline-reason-missing = 请选择一个原因
introduction-decline-note = 想换一种说法
introduction-decline-note-hint = 可以不填；填了，企业读到的就是您写的这段话。
introduction-note-long = 请控制在 500 字以内，现在有 { $n } 字
introduction-may-ask-again = 这家企业以后还可以再找您吗
introduction-may-ask-again-yes = 可以
introduction-may-ask-again-no = 不可以，以后不再互相推荐
introduction-may-ask-again-missing = 请选择可以还是不可以
introduction-colleague = 推荐哪支团队
introduction-colleague-hint = 选「可以推荐同事」时填写。对方会单独收到询问，同意之前企业看不到是谁。
introduction-colleague-blank = 不推荐
introduction-colleague-missing = 请选择要推荐的团队，或者换一个原因
introduction-colleague-busy = 这支团队现在不能接受询问，请换一支，或者换一个原因
introduction-decline-send = 发送
introduction-later = 以后再说
introduction-later-lede = { $days } 天后再问您一次。只能推迟一次，企业会知道要等到什么时候。
introduction-later-send = 以后再说
introduction-later-used = 已经推迟过一次，这次请选择接受或谢绝。

introduction-choice-title = 请选一个时间
introduction-choice-lede = 对方愿意见面。选定时间并同意后，双方的联系方式和日历文件会发到各自的邮箱。
introduction-choice-times = 对方给出的时间
introduction-choice-missing = 请选一个时间
introduction-choice-gone = 对方给出的时间都已经过去了。可以在下面说明，请对方另约。
introduction-choice-past = 这个时间已经不能选了，请选另一个
introduction-choice-taken-back = 对方收回了同意，现在不能交换联系方式，请联系园区
introduction-choice-send = 就选这个时间，交换联系方式
introduction-refuse = 这次不继续
introduction-refuse-lede = 时间都不合适，或者已经有了别的办法，都可以在这里结束。
introduction-refuse-note = 对对方说一句
introduction-refuse-note-hint = 可以不填。
introduction-refuse-send = 结束这次对接

introduction-link-done-title = 谢谢，已经收到您的答复
introduction-link-answered-title = 这个问题已经答复过了
introduction-link-answered-text = 已答复。下面是现在的状态，再按一次也不会改变。
introduction-link-replaced-title = 这个链接已经停用
introduction-link-replaced-text = 园区发过一封新的信，请使用最新那封信里的链接；或者这个问题已经不需要答复了。
introduction-link-expired-title = 这个链接已经过期
introduction-link-expired-text = 问题没有等到答复，已经关闭，不计为谢绝。需要时请联系园区。
introduction-link-more = 登录后可以看到全部经过。

## 我的对接

introduction-show-title = 对接：{ $need }
introduction-contacts = 对方的联系方式
introduction-contacts-note = 这是双方同意时交换的内容。只用于这次对接，请不要转给别人。
introduction-history = 经过
introduction-offered = 对方给出的时间
introduction-offered-own = 你们给出的时间
introduction-withdraw = 撤回这次对接
introduction-withdraw-hint = 撤回后不会再发信，对方的接待名额也会还回去。
introduction-withdrawn = 已撤回
introduction-withdraw-late = 这次对接已经结束，不能再撤回
introduction-answered = 已收到你的答复
introduction-already = 已答复，没有改变
introduction-referred = 已转荐，等待同意

## 工作台

introduction-desk-title = 对接
introduction-desk-lede = 最先到期的排在最前。园区一个工作日内不处理，请求会自动转给团队。
introduction-desk-open = 进行中
introduction-desk-ended = 已结束
introduction-desk-tabs = 分类
introduction-desk-count = 共 { $n } 项
introduction-desk-none = 现在没有对接
introduction-desk-pair = 需求与团队
introduction-desk-state = 状态
introduction-desk-due = 截止
introduction-desk-asked = 提出时间
introduction-desk-one = 对接 { $id }
introduction-desk-pass = 转给团队
introduction-desk-pass-hint = 团队会收到一封信，里面有需求要点和一个答复链接；科研院同时得到通知。
introduction-desk-passed = 已转给团队
introduction-desk-improve = 修改请求的说明
introduction-desk-improve-send = 保存说明
introduction-desk-improved = 说明已保存
introduction-desk-stop = 不转送
introduction-desk-stop-hint = 企业会收到这段说明。
introduction-desk-stop-words = 写给企业的说明
introduction-desk-stop-missing = 请写明原因，企业会读到
introduction-desk-stop-send = 结束并告知企业
introduction-desk-stopped = 已结束，企业会收到说明
introduction-desk-resend = 重新发信
introduction-desk-resend-hint = 用新的链接重新发送；以前的链接全部失效。
introduction-desk-resent = 已重新发信
introduction-desk-moved = 这次对接已经不在原来的状态，页面已更新
introduction-desk-unwanted = 需求已经结束，或者这支团队不再接受这家企业的对接，不能再发送；请写明原因结束
introduction-desk-mails = 有关信件
introduction-desk-mail-none = 还没有信件
introduction-desk-mail-to = 收信人
introduction-desk-mail-subject = 主题
introduction-desk-mail-state = 状态
introduction-desk-mail-at = 时间
introduction-desk-passed-by = 转送
introduction-desk-referred = 转荐自
introduction-desk-result = 对应成果
introduction-desk-score = 推荐得分
introduction-desk-closed-note = 园区的说明
introduction-desk-decline = 团队的原因
introduction-desk-anonymous = 需求匿名：团队在双方同意前看不到企业名称

## 信件

introduction-mail-fact = { $label }：{ $value }
introduction-mail-typed = { $label }：
introduction-mail-hello = { $name }老师，您好：
introduction-mail-page = 查看这次对接
introduction-mail-desk = 在工作台查看
introduction-mail-accept = 接受
introduction-mail-decline = 谢绝
introduction-mail-later = 以后再说
introduction-mail-choose = 选一个时间
introduction-mail-refuse = 这次不继续
introduction-mail-link-note = 链接打开的是确认页，按下页面上的按钮才算答复。不需要登录或密码，请不要转发这封信。
introduction-mail-contact-note = 在您和对方都同意之前，对方看不到您的联系方式。

introduction-mail-ask-subject = 有企业想就「{ $need }」请教您
introduction-mail-ask-text = { $firm }在{ $site }发布了下面的需求，认为{ $team }可能合适，想请您看一看愿不愿意谈一次。
introduction-mail-ask-again = 您曾说以后再说。{ $firm }的需求仍在，再次请您看一看{ $team }愿不愿意谈一次。
introduction-mail-ask-days = 请在收到后 { $days } 个工作日内答复。没有答复会自动关闭，不计为谢绝。

introduction-mail-office-subject = 告知：{ $team }收到一项对接请求
introduction-mail-office-text = { $firm }在{ $site }发布了下面的需求，请求与{ $university }{ $team }对接。询问已发给团队负责人，由本人答复。
introduction-mail-office-note = 这封信只是告知，不需要回复。

introduction-mail-accepted-subject = { $team }愿意就「{ $need }」和你们谈一次
introduction-mail-accepted-text = { $team }接受了你们的请求，给出了下面的时间。请选一个；选定并同意后，双方会收到对方的联系方式和日历文件。
introduction-mail-accepted-days = 请在收到后 { $days } 个工作日内选择。没有选择会自动关闭。

introduction-mail-declined-subject = 关于「{ $need }」：{ $team }本次不便对接
introduction-mail-declined-text = { $team }看过了你们的请求，本次不便对接。
introduction-mail-declined-note = 补充需求之后可以再次请求；其他团队也在等这样的需求。

introduction-mail-referred-subject = 关于「{ $need }」：已转荐，等待同意
introduction-mail-referred-text = { $team }推荐了一支同行团队。园区正在询问他们，对方同意后会告诉你们是谁。

introduction-mail-postponed-subject = 关于「{ $need }」：{ $team }希望以后再谈
introduction-mail-postponed-text = { $team }现在不方便，系统会到下面的日期再问一次。你们不用做什么；不想等，也可以撤回。

introduction-mail-timed-out-subject = 关于「{ $need }」：这次对接已自动关闭
introduction-mail-timed-out-text = 对方未在期限内回复，已自动关闭，不计为谢绝。
introduction-mail-timed-out-own = { $team }给出的时间没有等到你们的选择，已自动关闭，不计为谢绝。还想见面的话，可以再次请求。
introduction-mail-timed-out-lost = 给{ $team }的信没有送到，园区也没能在期限内联系上，已自动关闭，不计为谢绝。

introduction-mail-stopped-subject = 关于「{ $need }」：园区没有转送这次请求
introduction-mail-stopped-text = 园区看过了你们给{ $team }的请求，这次没有转送，说明如下。有疑问可以联系园区。

introduction-mail-over-subject = 关于「{ $need }」：这次对接已经结束
introduction-mail-over-withdrawn = { $firm }撤回了请求，您不用再答复。
introduction-mail-over-refused = { $firm }这次不再继续，谢谢您抽出时间。
introduction-mail-over-silent = { $firm }没有在期限内选定时间，这次对接已自动关闭。
introduction-mail-over-stopped = 园区结束了这次对接，您不用再答复。
introduction-mail-over-note = 没有交换任何联系方式，占用的接待名额已经还回。

introduction-mail-exchanged-subject = 「{ $need }」见面时间已定
introduction-mail-exchanged-enterprise = { $team }和你们都同意见面。时间和联系方式如下，日历文件在附件里。
introduction-mail-exchanged-team = { $firm }选定了时间，双方都同意见面。时间和联系方式如下，日历文件在附件里。
introduction-mail-exchanged-note = 联系方式只用于这次对接，请不要转给别人。

introduction-mail-copy-subject = 抄送：{ $firm }与{ $team }已约定见面
introduction-mail-copy-text = 双方都已同意，联系方式已由系统交换。这份抄送不含个人联系方式。

introduction-meeting-summary = 对接：{ $firm }与{ $team }
introduction-meeting-about = 需求：{ $need }。详情：{ $link }

introduction-mail-team-gone = { $team }不再参与这次对接，对接已经结束，没有交换任何联系方式。
introduction-mail-contact-withdrawn-subject = 关于「{ $need }」：请停止使用对方的联系方式
introduction-mail-contact-withdrawn-team = { $team }撤回了提供联系方式的同意。
introduction-mail-contact-withdrawn-enterprise = { $firm }撤回了提供联系方式的同意。
introduction-mail-contact-withdrawn-delete = 请不要再使用已得到的姓名、邮箱和电话，并从您保存它们的地方删除。
introduction-contact-withdrawn = 对方已撤回提供联系方式的同意。

## 排队

introduction-cannot-open-many = 你的单位已有 { $n } 项对接在进行或排队，先等几项有了结果再请求。
introduction-queue-join = 排队
introduction-queue-title = 排队等待对接
introduction-queue-place = 排在第 { $place } 位，预计 { $day } 起可受理。轮到时会先问你是否仍然需要。
introduction-queue-place-only = 排在第 { $place } 位
introduction-queue-since = 排队开始
introduction-queue-asked = 轮到你了。还需要和这支团队对接吗？请在 { $due } 前答复，名额先为你留着。
introduction-queue-released = 已转为对接请求，园区会先查看。
introduction-queue-gone = 已不在排队中。
introduction-queue-state-waiting = 排队中
introduction-queue-state-asked = 轮到你了
introduction-queue-state-released = 已转为请求
introduction-queue-state-left = 已离开
introduction-queue-confirm = 还需要，发出请求
introduction-queue-leave = 不用了，退出排队
introduction-queue-joined = 已排上队，轮到时会写信问你
introduction-queue-confirmed = 已发出请求，园区会先查看
introduction-queue-left = 已退出排队
introduction-queue-cannot = 现在不能请求对接：需求已经结束，或者次数已经用完
introduction-mail-queue-ask-subject = 轮到你了，还需要对接吗：{ $team }
introduction-mail-queue-ask-text = 你为需求“{ $need }”排队等待的{ $team }现在有名额了，名额先为你留到 { $due }。还需要的话，打开下面的链接按一下；不需要了也请说一声，后面的企业好往前移。
introduction-mail-queue-answer = 答复是否仍然需要
introduction-mail-queue-left-subject = 已退出排队：{ $team }
introduction-mail-queue-left-text = 你为需求“{ $need }”排队等待{ $team }，轮到时没有等到答复，名额已经让给后面的企业。仍然需要的话，可以再排，或者看看其他团队。
