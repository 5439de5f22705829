staff-desk = 工作台
staff-desk-lede = { $overdue ->
    [0] 快到期的在最上面；现在没有逾期的。
   *[other] 快到期的在最上面；{ $overdue } 件已经逾期。
}
staff-queue = 待办
staff-queue-empty = 没有等着园区处理的事
staff-queue-empty-text = 新的需求、单位、对接申请和退信会出现在这里。
staff-listings = 审核
staff-organisations = 核验
staff-introductions = 对接
staff-mails = 信件
staff-new-team = 录入团队
staff-holidays = 节假日
staff-synonyms = 同义词
staff-zones = 展区
staff-people = 园区人员
staff-request = 对接申请待看
staff-broken = 信件未送达
staff-closing = 即将超时关闭
staff-review = 待审核
staff-checkup = 需要复诊
staff-too-little = 多支团队说信息太少
staff-papers = 待核验
staff-letter = 信件出错
staff-due = { $time } 前
staff-due-late = 已过 { $time }
staff-name = 姓名
staff-email = 邮箱
staff-role = 角色
staff-signed-in = 最近登录
staff-never-signed-in = 尚未登录
staff-appoint = 任命
staff-appointed = 已保存角色。
staff-role-missing = 请选择一个角色
staff-not-yourself = 不能取消自己的管理员角色，请由另一位管理员操作

## 视觉语言

staff-design = 视觉语言
design-title = 视觉语言
design-lede = 全站只有这一套颜色、字号、间距和组件。写新页面时从这里取用；这里没有的，先加到这里。
design-colour = 颜色
design-zones = 每个展区有自己的颜色，由编辑在“展区”里选定；浅色和深色页面各自调整明暗，保证读得清。
design-space = 间距
design-type = 文字
design-type-rules = 中文排版
design-type-text = 用系统自带的中文字体，不下载字体文件。
    正文每行不超过四十二个字左右，行高 1.75。
    中英文之间由浏览器留出间隙，不手打空格；标点用全角。
    数字等宽对齐；金额写“万元”“亿元”，日期写全年月日。
design-small = 小件
design-lists = 列表
design-figures = 数字与经过
design-remarks = 提示
design-forms = 表单
design-sentence = 从一根竹子到一间会感知、能节能的屋子，链条上的每一环都有人做。
design-kind = 种类
design-action = 操作
design-nothing = 这里还没有内容
design-state-plain = 草稿
design-state-good = 已发布
design-state-wait = 等待审核
design-state-bad = 未送达
design-state-info = 说明
design-choice-a = 上游
design-choice-b = 中游
design-choice-c = 下游
design-filled = 一行字
design-wrong = 写错的一行
design-long = 一段话
design-one = 选一个
design-several = 选几个
design-ticked = 同意
design-times = 几个时间
design-hint = 提示写在标签下面，说清写什么。

staff-backup-old = 最近一次成功备份是 { $time }。请告诉管理服务器的同事；运行 yonglianhui check 可查看原因。
staff-backup-none = 还没有成功的备份，最近一次尝试未成功。请告诉管理服务器的同事；运行 yonglianhui check 可查看原因。
