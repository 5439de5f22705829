## 登录、个人资料、登录信

member-sign-in = 登录
member-sign-in-how = 不用密码。写下邮箱，我们寄一封登录信，信里有链接，也有六位验证码。
member-email = 邮箱
member-email-hint = 第一次登录也用这里，邮箱确认后就是你的账号。
member-send-letter = 寄登录信
member-email-missing = 写下你的邮箱
member-email-form = 邮箱写全，例如 zhao@park.example
member-too-many = 这个邮箱要的登录信太多了，{ $minutes } 分钟后再试，或用已收到的那一封
member-code-title = 查看邮箱
member-letter-sent = 登录信已发往 { $email }。
member-mend-email = 写错了？在这里改
member-email-refused = 邮箱服务器说该地址不存在。请核对后重写。
member-code = 六位验证码
member-code-hint = 在登录信里，20 分钟内可用。也可以直接点开信里的链接。
member-enter = 登录
member-letter-late = 几分钟还没到？看一看垃圾邮件，或者换一个邮箱。
member-code-form = 验证码是六位数字
member-code-wrong = 验证码不对，还可以试 { $left } 次
member-code-dead = 这个验证码已用过、过期或试了太多次，请重新要一封登录信
member-digits-closed = 今天输错的验证码太多了，一天之内请用信里的链接登录
member-barred = 这个账号已被园区停用，请与园区联系
member-demo-title = 演示环境
member-demo-code = 这里不真的寄信。验证码是
member-demo-link = 打开信里的链接
member-link-for = 用 { $email } 登录。
member-link-dead = 这个链接已用过或已过期
member-link-dead-how = 登录链接 20 分钟内可用，只能用一次。重新要一封登录信就好。
member-new-letter = 重新要一封
member-signed-out = 已退出
member-signed-out-everywhere = 已在所有设备上退出
member-sessions = { $many ->
    [1] 只在这一处登录。
   *[other] 共有 { $many } 处登录着。
}
member-sessions-how = 手机或电脑丢了、借给别人用过，就在这里全部退出；再登录要新的登录信。
member-sign-out-everywhere = 在所有设备上退出
member-particulars = 个人资料
member-particulars-who-sees = 只有在你同意对接之后，对方才会看到这里的姓名和联系方式。
member-particulars-saved = 已保存
member-name = 姓名
member-name-missing = 写下你的姓名
member-title = 职务
member-title-hint = 例如：总工程师、教授
member-phone = 电话
member-phone-hint = 手机或座机，可以带区号和分机
member-phone-form = 电话写成数字，例如 0746-5550123
member-colon = ：
member-save = 保存

member-letter-subject = 登录{ $site }
member-letter-hello = 有人（应该就是你）要用这个邮箱登录{ $site }。
member-letter-link = 点开这个链接，再按“登录”：
member-letter-button = 打开登录页
member-letter-code = 或者在登录页输入这六位验证码：
member-letter-lasts = 链接和验证码 { $minutes } 分钟内可用，只能用一次。
member-letter-not-you = 如果不是你本人，不用理会这封信：没有它，谁也登录不了。

member-tried-subject = 有人在试你的验证码（{ $site }）
member-tried-what = 有人用这个邮箱登录{ $site }，今天已输错 { $times } 次验证码。
member-tried-safe = 没有人登录成功。
member-tried-link = 一天内输错 { $most } 次，就只能用登录信里的链接登录；链接一直有效，只有收得到这个邮箱的人才用得了。
member-tried-do = 如果是你自己输错的，不用理会这封信。如果不是，也不用做什么；反复发生时请告诉园区。

## 角色与联系方式

member-role-member = 普通用户
member-role-curator = 编辑
member-role-broker = 技术经理人
member-role-administrator = 管理员
member-role-barred = 停用：不能登录，已登录的立即退出
member-field-name = 姓名
member-field-email = 邮箱
member-field-phone = 电话
