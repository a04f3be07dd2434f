"""The website before the API: a page, two programs as a bundler leaves them, a source map, robots.txt, a sitemap.

It calls what clients use. Staff works with another program, so what only staff may do is not in it, but for what an
old source map still shows.
"""

import json
from typing import Final

from starlette.responses import HTMLResponse, PlainTextResponse, Response

from apiward.demo.calls import Call
from apiward.demo.desk import Desk, Entry

HOME: Final = """<!doctype html>
<html lang="en"><head><title>Marlow Coaching</title><link rel="stylesheet" href="/static/site.css"></head>
<body><h1>Marlow Coaching</h1><div id="app"></div>
<nav><a href="/about">About</a> <a href="mailto:hello@marlow-coaching.example">Write to us</a></nav>
<form action="/api/v2/newsletter" method="post"><input type="email" name="email"><button>Stay in touch</button></form>
<p><a href="/members/home">For members</a></p>
<form action="/members/login" method="post"><input type="email" name="email"><input type="password" name="password">
<input name="code"><button>Come in</button></form>
<form action="/members/display-name" method="post"><input name="display_name"><button>Call me so</button></form>
<form action="/members/logout" method="post"><button>Leave</button></form>
<script src="/shop/checkout.js" defer></script>
<script src="/static/app.3f9c21.js" defer></script><script src="/static/shop.b81d04.js" defer></script>
</body></html>
"""
ABOUT: Final = (
    "<!doctype html><html lang='en'><title>About</title><p>Coaching since 2012. <a href='/'>Home</a></p></html>"
)
APP: Final = (
    'const n=axios.create({baseURL:"/api/v2",timeout:1e4});n.interceptors.request.use(e=>(e.headers.Authorization='
    "`Bearer ${s.token}`,e));"
    "export const signUp=({email:e,name:t,password:r,phone:a})=>n.post("
    '"/register",{client:{email:e,name:t,password:r,phone:a}});'
    'export const logIn=(e,t)=>n.post("/token",new URLSearchParams({grant_type:"password",username:e,password:t}));'
    'export const logOut=()=>n.post("/logout");export const forgot=e=>n.post("/password/forgot",{email:e});'
    'export const me=()=>n.get("/me");export const saveMe=(e,t)=>n.patch("/me",{client:{name:e,phone:t}});'
    'export const setPassword=(e,t)=>n.put("/me/password",{current_password:e,new_password:t});'
    "export const client=e=>n.get(`/clients/${e}`);"
    'export const saveContact=(e,t)=>n.put("/clients/"+e+"/contact",{phone:t});'
    'export const notes=()=>n.get("/notes"),addNote=(title,text)=>n.post("/notes",{note:{title,text}});'
    "export const note=e=>n.get(`/notes/${e}`),saveNote=(e,t,r)=>n.put(`/notes/${e}`,{note:{title:t,text:r}}),"
    "dropNote=e=>n.delete(`/notes/${encodeURIComponent(e)}`);"
    'export const goals=()=>n.get("/goals"),addGoal=e=>n.post("/goals",{title:e}),goal=e=>n.get("/goals/".concat(e)),'
    'closeGoal=e=>n.patch("/goals/".concat(e),{done:!0});'
    'export const bookings=()=>n.get("/bookings"),book=(e,t)=>n.post("/bookings",{starts_at:e,topic:t}),'
    "booking=e=>n.get(`/bookings/${e}`),retopic=(e,t)=>n.patch(`/bookings/${e}`,{topic:t}),"
    "dropBooking=e=>n.delete(`/bookings/${e}`),"
    'move=(e,t)=>n.post("/bookings/move",{booking_id:e,starts_at:t}),'
    'cancel=(e,t)=>n.post("/bookings/cancel",{booking:{id:e,reason:t}}),'
    'search=e=>n.post("/bookings/search",{text:e});'
    'export const payments=()=>n.get("/payments"),pay=(e,t)=>n.post("/payments",{booking_id:e,reference:t}),'
    "receipt=e=>n.get(`/payments/${e}/receipt`);"
    'export const coach=()=>n.get("/coach"),praise=()=>n.get("/testimonials"),hours=()=>n.get("/calendar"),'
    'files=()=>n.get("/resources"),articles=()=>n.get("/articles"),article=e=>n.get(`/articles/${e}`);'
    'export const write=(e,t)=>n.post("/contact",{email:e,message:t});'
    'export const quote=(e,t)=>n.post("/quotes",{sessions:e,budget_cents:t});'
    'export const renew=e=>n.post("/token/refresh",{refresh_token:e}),'
    'reset=(e,t)=>n.post("/password/reset",{reset_token:e,new_password:t}),setEmail=e=>n.put("/me/email",{email:e}),'
    'factor=()=>n.post("/me/second-factor"),confirmFactor=e=>n.post("/me/second-factor/confirm",{code:e});'
    'export const invite=()=>n.get("/me/invitation"),linked=()=>n.get("/me/calendar"),'
    'link=e=>n.put("/me/calendar",{calendar_url:e}),language=()=>n.get("/language"),file=()=>n.get("/resources/file");'
    'export const setPhoto=e=>{const t=new FormData();t.append("photo",e);return n.put("/me/photo",t)},'
    "photo=e=>n.get(`/photos/${e}`);"
    "export const steps=e=>n.get(`/goals/${e}/steps`),addStep=(e,t)=>n.post(`/goals/${e}/steps`,{text:t}),"
    "step=(e,t)=>n.get(`/goals/${e}/steps/${t}`),print=e=>n.get(`/articles/${e}/print`);"
    'export const some=e=>n.post("/notes/lookup",{note_ids:e}),takeOver=e=>n.post("/bookings/import",e);\n'
    "//# sourceMappingURL=app.3f9c21.js.map\n"
)
SHOP: Final = (
    'const r=(e,t={})=>fetch(e,{...t,headers:{Authorization:"Token "+localStorage.getItem("shop"),'
    '"Content-Type":"application/json"}}).then(e=>e.json());'
    'export const enter=(e,t)=>fetch("/shop/login",{method:"POST",body:JSON.stringify({email:e,password:t})});'
    'export const account=()=>fetch("/shop/account",{headers:h()});'
    'export const products=e=>fetch("/shop/products?category="+e);'
    "export const product=e=>fetch(`/shop/products/${e}`);"
    'export const reviews=e=>fetch("/shop/products/".concat(e,"/reviews"));'
    "export const review=(e,t,a,o)=>fetch(`/shop/products/${e}/reviews`,"
    '{method:"POST",headers:h(),body:JSON.stringify({display_name:t,stars:5,text:o})});'
    'export const cart=()=>fetch("/shop/cart",{headers:h()});'
    'export const fill=e=>fetch("/shop/cart",{method:"PUT",headers:h(),'
    "body:JSON.stringify({items:[{product_id:1,quantity:2}]})});"
    'export const orders=()=>fetch("/shop/orders",{headers:h()});'
    'export const order=(items,address,coupon)=>fetch("/shop/orders",{method:"POST",headers:h(),'
    "body:JSON.stringify({items:[{product_id:1,quantity:1}],address,coupon})});"
    'export const oneOrder=e=>fetch("/shop/orders/"+e,{headers:h()});'
    "export const readdress=(e,t)=>fetch(`/shop/orders/${e}/address`,"
    '{method:"PUT",headers:h(),body:JSON.stringify({address:t})});'
    'export const coupon=e=>fetch("/shop/coupons/check",{method:"POST",body:JSON.stringify({code:e})});'
    'export const pay=e=>fetch(`/shop/orders/${e}/pay`,{method:"POST",headers:h()});'
    'export const collect=e=>fetch(`/shop/orders/${e}/collect`,{method:"POST",headers:h()});'
    'export const voucher=e=>fetch("/shop/vouchers/redeem",{method:"POST",headers:h(),body:JSON.stringify({code:e})});'
    'export const bonus=()=>fetch("/shop/bonus/claim",{method:"POST",headers:h()});'
    'export const card=(to,message)=>fetch("/shop/cards/preview",{method:"POST",body:JSON.stringify({to,message})});'
    'export const keep=e=>fetch("/shop/cart/preview",{method:"POST",body:JSON.stringify({saved:e})});'
    'export const find=e=>fetch("/shop/find?q="+e);\n'
)
STAFF_SOURCE: Final = """
import { api } from './api';
export const allClients = () => api.get('/admin/clients');
export const allBookings = () => api.get('/admin/bookings');
export const reports = () => api.get('/admin/reports');
export const setRole = (id, role) => api.put(`/admin/clients/${id}/role`, { role });
export const publish = (title, text) => api.post('/articles', { title, text });
"""
SITEMAP: Final = '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>/about</loc></url></urlset>'


def home(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Show the website."""
    return HTMLResponse(HOME)


def about(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Show who we are."""
    return HTMLResponse(ABOUT)


def app_program(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Serve the program of the client area."""
    return Response(APP, media_type="text/javascript")


def shop_program(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Serve the program of the shop."""
    return Response(SHOP, media_type="text/javascript")


def source_map(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Serve what a bundler has left beside the program: its sources."""
    made = {"version": 3, "sources": ["src/staff.ts"], "sourcesContent": [STAFF_SOURCE], "names": [], "mappings": ""}
    return Response(json.dumps(made), media_type="application/json")


def robots(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """Tell search engines what to leave out."""
    return PlainTextResponse("User-agent: *\nDisallow: /api/\nSitemap: /sitemap.xml\n")


def sitemap(desk: Desk, call: Call) -> Response:  # noqa: ARG001 - every handler has this shape
    """List the pages."""
    return Response(SITEMAP, media_type="application/xml")


ENTRIES: Final = (
    Entry("GET", "/", home),
    Entry("GET", "/about", about),
    Entry("GET", "/static/app.3f9c21.js", app_program),
    Entry("GET", "/static/shop.b81d04.js", shop_program),
    Entry("GET", "/static/app.3f9c21.js.map", source_map),
    Entry("GET", "/robots.txt", robots),
    Entry("GET", "/sitemap.xml", sitemap),
)
