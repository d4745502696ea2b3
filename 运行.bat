@echo off
chcp 936 >nul
title 党组织分类定级
cd /d "%~dp0"
if not exist process.py goto incomplete

set "DINGJI_PYTHON="
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "DINGJI_PYTHON=py -3"
if not defined DINGJI_PYTHON python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "DINGJI_PYTHON=python"
if not defined DINGJI_PYTHON goto nopython
if not "%~1"=="" goto dropped

:menu
%DINGJI_PYTHON% process.py menu
if errorlevel 1 pause
exit /b

:dropped
%DINGJI_PYTHON% process.py take -- %*
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
