@echo off
chcp 936 >nul
title 党组织分类定级
cd /d "%~dp0"
if not exist process.py goto incomplete

set "DINGJI_PYTHON="
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "DINGJI_PYTHON=py -3"
if not defined DINGJI_PYTHON python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "DINGJI_PYTHON=python"
if not defined DINGJI_PYTHON goto nopython
setlocal EnableDelayedExpansion

:menu
echo.
echo   ===== 党组织分类定级 =====
echo   1 查收情况
echo   2 测算定级
echo   3 生成表格
echo   4 查看定级依据
echo   5 定稿
echo   8 发邮件
echo   0 退出
echo.
set "CHOICE="
set /p "CHOICE=请输入数字，再按回车："
if "!CHOICE!"=="1" goto check
if "!CHOICE!"=="2" goto grade
if "!CHOICE!"=="3" goto forms
if "!CHOICE!"=="4" goto explain
if "!CHOICE!"=="5" goto archive
if "!CHOICE!"=="8" goto mail
if "!CHOICE!"=="0" exit /b 0
echo 请输入菜单上的一个数字。
goto menu

:check
%DINGJI_PYTHON% process.py check
goto done

:grade
%DINGJI_PYTHON% process.py
goto done

:forms
%DINGJI_PYTHON% process.py forms
goto done

:explain
set "NAME="
set /p "NAME=请输入党组织的编码或名称："
if not defined NAME goto menu
set "NAME=!NAME:"=!"
if not defined NAME goto menu
%DINGJI_PYTHON% process.py explain "!NAME!"
goto done

:archive
set "NAME="
set /p "NAME=请输入定稿的名称（如 2026年上半年）："
if not defined NAME goto menu
set "NAME=!NAME:"=!"
if not defined NAME goto menu
%DINGJI_PYTHON% process.py archive "!NAME!"
goto done

:mail
%DINGJI_PYTHON% process.py mail
set "KIND="
set /p "KIND=由程序发出的，请输入种类（结果、退回、催报、发放）；不发的直接按回车："
if not defined KIND goto menu
set "KIND=!KIND:"=!"
if not defined KIND goto menu
%DINGJI_PYTHON% process.py mail "!KIND!" --send
goto done

:done
echo.
pause
goto menu

:nopython
echo 没有找到 Python 3.11 或更新的版本。
echo 请到 www.python.org 的 Downloads 页下载安装，安装时勾选 Add python.exe to PATH；
echo 单位电脑不能自行安装的，请联系信息员。装好后重新双击“运行.bat”。
echo.
pause
exit /b 2

:incomplete
echo 没有找到 process.py。请先把压缩包全部解压到本机文件夹（不要用网络路径），再双击“运行.bat”。
echo.
pause
exit /b 2
