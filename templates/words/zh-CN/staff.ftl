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
staff-zones = 展区
staff-people = 园区人员
staff-request = 对接申请待看
staff-broken = 信件未送达
staff-closing = 即将超时关闭
staff-review = 待审核
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
