## 首页与展区

zone-home-title = 把车间里的难题，交给做得了的团队
zone-home-lede = { $site }把园区的企业和高校科研团队连在一起：企业发布需求，团队展示成果，园区工作人员审核、推荐、牵线，双方都愿意才交换联系方式。
zone-post-need = 发布需求
zone-see-results = 看科研成果
zone-register = 登记企业
zone-live-needs = 有效需求
zone-live-results = 有效成果
zone-zones = 展区
zone-zone = 展区
zone-enterprises = 企业
zone-teams = 科研团队
zone-needs = 需求
zone-results = 成果
zone-count-enterprises = 企业 { $n } 家
zone-count-teams = 团队 { $n } 支
zone-count-needs = 需求 { $n } 条
zone-count-results = 成果 { $n } 项
zone-newest-needs = 最新需求
zone-newest-results = 最新成果
zone-needs-all = 全部需求
zone-results-all = 全部成果
zone-all = 全部 { $n } 条
zone-needs-none = 目前没有有效的需求
zone-results-none = 目前没有有效的成果
zone-enterprises-none = 还没有核验过的企业
zone-teams-none = 还没有核验过的团队
zone-posted = { $day } 发布
zone-until = 有效至 { $day }
zone-anonymous = 匿名企业
zone-how = 怎么用
zone-how-post = 1. 说清难题
zone-how-post-text = 企业写下现状、指标和时限，随时存成草稿。园区审核后公开；没写清的地方会告诉你改哪里。
zone-how-match = 2. 看推荐理由
zone-how-match-text = 系统从已发布的成果里找出合适的团队，每一条推荐都列出得分和命中的词，为什么合适一目了然。
zone-how-meet = 3. 双方同意再见面
zone-how-meet-text = 你提出对接，团队在邮件里答复。两边都同意之后，才把联系方式和会面时间发给双方。

## 工作台:展区

zone-desk = 展区
zone-new = 新开展区
zone-edit = 修改展区
zone-save = 保存展区
zone-saved = 展区已保存。
zone-slug = 网址用词
zone-slug-hint = 小写英文、数字和短横，例如 smart-home;开设后不再改变
zone-slug-form = 网址用词只用小写英文、数字和短横
zone-slug-taken = 这个网址用词已有展区在用，请换一个
zone-name-zh = 中文名
zone-name-en = 英文名
zone-name-missing = 请填写展区的中文名
zone-about-zh = 中文介绍
zone-about-en = 英文介绍
zone-colour = 颜色
zone-colour-hint = 例如 #2f6b4f
zone-colour-form = 请写成 #2f6b4f 这样的颜色
