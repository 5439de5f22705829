## 每一页的页头、页脚

layout-error-prefix = 错误：
layout-description = { $name }：企业发布需求，高校团队展示成果，园区牵线对接。
layout-skip = 跳到正文
layout-demo = 演示数据，单位与人员均为虚构
layout-nav = 主导航
layout-zones = 展区
layout-needs = 需求
layout-results = 成果
layout-enterprises = 企业
layout-teams = 团队
layout-search = 搜索
layout-search-label = 搜索全站
layout-search-hint = 需求、成果、企业、团队
layout-desk = 工作台
layout-my = 我的
layout-sign-in = 登录
layout-sign-out = 退出
layout-operator = 主办与运营：{ $operator }
layout-complaints = 投诉、建议与纠错：{ $contact }

## 各页共用的小部件

ui-crumbs = 所在位置
ui-pager = 翻页
ui-previous = 上一页
ui-next = 下一页
ui-pager-range = 第 { $from } 至 { $to } 条，共 { $total } 条
ui-applied = 已选条件
ui-remove = 去掉条件：
ui-clear = 全部去掉
